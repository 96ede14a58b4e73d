"""How fast is GenWorld on this machine, next to plain ManiSkill on the same machine in the same run?

`genworld bench` measures the rows of `rows.ROWS`, shows them as a table, and writes JSON and charts. Each side of a
comparison runs in a process of its own (`worker`), and the two take turns.
"""
