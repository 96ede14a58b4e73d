"""A static web page to browse the scenes of a dataset and to turn their objects in 3D: see `write_gallery`."""

from scene_hub.gallery.writer import GALLERY_PAGE, default_folder, write_gallery

__all__ = ["GALLERY_PAGE", "default_folder", "write_gallery"]
