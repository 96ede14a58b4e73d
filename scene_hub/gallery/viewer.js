// Draws GLB files with WebGL 2 and lets the visitor turn them. Files are those of GenWorld datasets: z up, metres,
// indexed triangles with POSITION, NORMAL and TEXCOORD_0, PNG or JPEG textures inside the file, metallic-roughness
// materials. Light and shading are those of the dataset's previews.
"use strict";

const GenWorldViewer = (() => {
  const VERTEX = `#version 300 es
    layout(location = 0) in vec3 position;
    layout(location = 1) in vec3 normal;
    layout(location = 2) in vec2 uv;
    uniform mat4 model, camera;
    out vec3 at, facing;
    out vec2 texel;
    void main() {
      vec4 world = model * vec4(position, 1.0);
      at = world.xyz;
      facing = transpose(inverse(mat3(model))) * normal;
      texel = uv;
      gl_Position = camera * world;
    }`;

  // The light that reaches a point: 1 in the light, 0 in the shadow, in between along edges.
  const SHADOW = `
    uniform highp sampler2DShadow shadowMap;
    uniform mat4 lightCamera;
    float lit(vec3 point) {
      vec3 where = (lightCamera * vec4(point, 1.0)).xyz * 0.5 + 0.5;
      if (any(lessThan(where, vec3(0.0))) || any(greaterThan(where, vec3(1.0)))) return 1.0;
      float sum = 0.0;
      for (int x = -2; x <= 2; x++) for (int y = -2; y <= 2; y++)
        sum += texture(shadowMap, where + vec3(vec2(x, y) / 2048.0, -0.0008));
      return sum / 25.0;
    }`;

  // Lambert and GGX (Walter et al. 2007, with Karis' 2013 approximations), as real-time renderers have it.
  const FRAGMENT = `#version 300 es
    precision highp float;
    in vec3 at, facing;
    in vec2 texel;
    uniform vec3 eye, ambient, lightDirections[4], lightColors[4];
    uniform int lights;
    uniform vec4 baseColor;
    uniform float metallic, roughness;
    uniform bool textured;
    uniform sampler2D image;
    out vec4 color;
    ${SHADOW}
    vec3 shine(vec3 n, vec3 v, vec3 l, vec3 diffuse, vec3 specular) {
      vec3 h = normalize(l + v);
      float nl = max(dot(n, l), 0.0), nv = max(dot(n, v), 1e-4), nh = max(dot(n, h), 0.0), vh = max(dot(v, h), 0.0);
      float a2 = pow(roughness, 4.0), k = (roughness + 1.0) * (roughness + 1.0) / 8.0;
      float d = nh * nh * (a2 - 1.0) + 1.0;
      vec3 fresnel = specular + (1.0 - specular) * pow(1.0 - vh, 5.0);
      float gloss = a2 / (4.0 * d * d * (nv * (1.0 - k) + k) * (nl * (1.0 - k) + k));
      return nl / 3.14159265 * (diffuse + fresnel * gloss);
    }
    void main() {
      vec3 n = normalize(facing) * (gl_FrontFacing ? 1.0 : -1.0), v = normalize(eye - at);
      vec3 albedo = baseColor.rgb * (textured ? texture(image, texel).rgb : vec3(1.0));
      vec3 diffuse = albedo * (1.0 - metallic), specular = mix(vec3(0.04), albedo, metallic);
      vec3 sum = ambient * albedo;
      for (int i = 0; i < lights; i++) {
        float share = i == 0 ? lit(at + n * 0.002) : 1.0;
        sum += share * lightColors[i] * shine(n, v, -lightDirections[i], diffuse, specular);
      }
      color = vec4(pow(sum, vec3(1.0 / 2.2)), 1.0);
    }`;

  // The ground under a single thing: nothing but the shadow on it.
  const GROUND = `#version 300 es
    precision highp float;
    in vec3 at, facing;
    in vec2 texel;
    out vec4 color;
    ${SHADOW}
    void main() { color = vec4(0.0, 0.0, 0.0, 0.3 * (1.0 - lit(at)) * smoothstep(1.0, 0.7, length(texel))); }`;

  const DEPTH = `#version 300 es
    precision highp float;
    void main() {}`;

  const STUDIO = {
    ambient: [0.3, 0.3, 0.3],
    directional: [
      { direction: [0.6, 0.5, -1], color: [1.6, 1.55, 1.45] },
      { direction: [-0.5, -0.8, -1], color: [0.5, 0.52, 0.6] },
    ],
  };
  const FIELD = (48 * Math.PI) / 180;
  const SHADOW_SIZE = 2048;

  // ------------------------------------------------------------------------- vectors; matrices are column-major

  const subtract = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  const plus = (a, b, scale = 1) => [a[0] + b[0] * scale, a[1] + b[1] * scale, a[2] + b[2] * scale];
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const unit = (a) => { const size = Math.hypot(...a) || 1; return [a[0] / size, a[1] / size, a[2] / size]; };
  const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

  function multiply(a, b) {
    const product = new Float32Array(16);
    for (let column = 0; column < 4; column++)
      for (let row = 0; row < 4; row++)
        for (let k = 0; k < 4; k++) product[4 * column + row] += a[4 * k + row] * b[4 * column + k];
    return product;
  }

  function transformed(m, p) {
    return [0, 1, 2].map((row) => m[row] * p[0] + m[4 + row] * p[1] + m[8 + row] * p[2] + m[12 + row]);
  }

  function poseMatrix([x, y, z], [w, i, j, k], [a, b, c] = [1, 1, 1]) {
    return [
      a * (1 - 2 * (j * j + k * k)), a * 2 * (i * j + k * w), a * 2 * (i * k - j * w), 0,
      b * 2 * (i * j - k * w), b * (1 - 2 * (i * i + k * k)), b * 2 * (j * k + i * w), 0,
      c * 2 * (i * k + j * w), c * 2 * (j * k - i * w), c * (1 - 2 * (i * i + j * j)), 0,
      x, y, z, 1,
    ];
  }

  function lookAt(eye, target) {
    const back = unit(subtract(eye, target));
    const right = unit(cross(Math.abs(back[2]) > 0.9999 ? [0, 1, 0] : [0, 0, 1], back));
    const up = cross(back, right);
    return [
      right[0], up[0], back[0], 0, right[1], up[1], back[1], 0, right[2], up[2], back[2], 0,
      -dot(right, eye), -dot(up, eye), -dot(back, eye), 1,
    ];
  }

  function perspective(field, aspect, near, far) {
    const f = 1 / Math.tan(field / 2), depth = near - far;
    return [f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, (near + far) / depth, -1, 0, 0, (2 * near * far) / depth, 0];
  }

  function orthographic(size) {
    return [1 / size, 0, 0, 0, 0, 1 / size, 0, 0, 0, 0, -1 / size, 0, 0, 0, 0, 1];
  }

  // ------------------------------------------------------------------------------------------------ reading of GLB

  function readGlb(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (view.getUint32(0, true) !== 0x46546c67) throw new Error("not a GLB file");
    const size = view.getUint32(12, true);
    const document = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + size)));
    return { document, binary: bytes.subarray(28 + size) };
  }

  function chunk({ document, binary }, index) {
    const view = document.bufferViews[index], start = view.byteOffset || 0;
    return binary.slice(start, start + view.byteLength);
  }

  // The numbers of an accessor, tightly packed.
  function numbers(glb, index) {
    const accessor = glb.document.accessors[index];
    const Kind = { 5121: Uint8Array, 5123: Uint16Array, 5125: Uint32Array, 5126: Float32Array }[accessor.componentType];
    const width = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 }[accessor.type];
    if (!Kind || !width) throw new Error("an accessor of an unknown kind");
    const data = chunk(glb, accessor.bufferView), offset = accessor.byteOffset || 0;
    const step = glb.document.bufferViews[accessor.bufferView].byteStride || width * Kind.BYTES_PER_ELEMENT;
    const packed = new Uint8Array(accessor.count * width * Kind.BYTES_PER_ELEMENT);
    const item = width * Kind.BYTES_PER_ELEMENT;
    if (step === item) packed.set(data.subarray(offset, offset + packed.length));
    else for (let i = 0; i < accessor.count; i++)
      packed.set(data.subarray(offset + i * step, offset + i * step + item), i * item);
    return new Kind(packed.buffer);
  }

  // [matrix, mesh] of every node that has a mesh.
  function placedMeshes({ document }) {
    const found = [];
    const walk = (index, parent, depth) => {
      const node = document.nodes[index];
      const own = node.matrix || quaternionMatrix(node);
      const matrix = multiply(parent, own);
      if (node.mesh !== undefined) found.push([matrix, document.meshes[node.mesh]]);
      if (depth < 64) for (const child of node.children || []) walk(child, matrix, depth + 1);
    };
    const scene = (document.scenes || [])[document.scene || 0];
    for (const root of scene ? scene.nodes : document.nodes.keys()) walk(root, IDENTITY, 0);
    return found;
  }

  function quaternionMatrix({ translation = [0, 0, 0], rotation = [0, 0, 0, 1], scale = [1, 1, 1] }) {
    const [x, y, z, w] = rotation;  // glTF has the real part last
    return poseMatrix(translation, [w, x, y, z], scale);
  }

  // ------------------------------------------------------------------------------------------------------ drawing

  class Viewer {
    // `load(id)` gives a promise of the bytes of an asset's GLB. Throws where there is no WebGL 2.
    constructor(canvas, load, labels) {
      this.canvas = canvas;
      this.load = load;
      this.labels = labels;
      const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, premultipliedAlpha: true });
      if (!gl) throw new Error("this browser has no WebGL 2");
      this.gl = gl;
      this.programs = { surface: this.program(FRAGMENT), ground: this.program(GROUND), depth: this.program(DEPTH) };
      this.makeShadowMap();
      this.ground = this.makeGround();
      this.models = new Map();
      this.things = [];
      this.turn = 0;
      this.listen();
      new ResizeObserver(() => this.redraw()).observe(canvas);
    }

    // Shows one asset by itself, which turns slowly, once, unless it is touched; `grounded` puts it on a ground that
    // catches its shadow.
    showAsset(id, grounded = true) {
      return this.show([{ asset: id, pose: [0, 0, 0, 1, 0, 0, 0] }], STUDIO, null, grounded);
    }

    // Shows things ({asset, pose: [x, y, z, qw, qx, qy, qz], label, role}) from where the previews are taken.
    showScene(things, lighting) {
      return this.show(things, lighting, { eye: [-0.52, 0, 0.42], target: [0.08, 0, 0] });
    }

    async show(things, lighting, view, grounded = false) {
      const ticket = (this.ticket = {});
      this.things = [];
      this.report(0);
      this.setState("loading");
      try {
        const models = await Promise.all(things.map((thing) => this.model(thing.asset)));
        if (ticket !== this.ticket) return;
        this.things = things.map((thing, index) => ({
          ...thing, model: models[index], matrix: poseMatrix(thing.pose.slice(0, 3), thing.pose.slice(3)),
        }));
        this.lighting = lighting;
        this.frame(view, grounded);
        this.makeLabels();
        this.forgetUnused();
        this.setState("ready");
      } catch (error) {
        if (ticket === this.ticket) this.setState("failed", error);
      }
    }

    setState(state, error) {
      this.canvas.dataset.state = state;
      if (error) this.canvas.dataset.error = error.message; else delete this.canvas.dataset.error;
      this.canvas.dispatchEvent(new CustomEvent("viewerstate", { detail: { state, error } }));
      this.redraw();
    }

    stop() {
      this.ticket = null;
      this.things = [];
      this.turn = 0;
      this.makeLabels();
      this.redraw();
    }

    // ---- the camera

    frame(view, grounded) {
      this.whole = Boolean(view);
      if (view) {
        this.home = this.orbitOf(view.eye, view.target);
        this.reach = [-0.02, 12];
        this.shadowBall = [[0, 0, 0], 1.2];
        this.floor = null;
      } else {
        const { low, high } = this.bounds();
        const middle = plus(low, subtract(high, low), 0.5), radius = Math.hypot(...subtract(high, low)) / 2;
        const aspect = Math.min(1, this.canvas.clientWidth / Math.max(1, this.canvas.clientHeight));
        const distance = (1.02 * radius) / Math.sin(Math.atan(Math.tan(FIELD / 2) * aspect));
        this.home = this.orbitOf(plus(middle, unit([0.52, -0.62, 0.6]), distance), middle);
        this.reach = [-1.5, 6];
        this.shadowBall = [middle, 2 * radius];
        this.floor = grounded ? { height: low[2], middle, radius } : null;
      }
      this.turn = !view && !matchMedia("(prefers-reduced-motion: reduce)").matches ? 0.35 : 0;
      this.reset();
    }

    bounds() {
      const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
      for (const { model } of this.things)
        for (let axis = 0; axis < 3; axis++) {
          low[axis] = Math.min(low[axis], model.low[axis]);
          high[axis] = Math.max(high[axis], model.high[axis]);
        }
      return { low, high };
    }

    orbitOf(eye, target) {
      const away = subtract(eye, target), distance = Math.hypot(...away);
      return { target, distance, azimuth: Math.atan2(away[1], away[0]), elevation: Math.asin(away[2] / distance) };
    }

    reset() {
      this.orbit = { ...this.home, target: [...this.home.target] };
      this.redraw();
    }

    eye() {
      const { target, distance, azimuth, elevation } = this.orbit, flat = distance * Math.cos(elevation);
      return plus(target, [flat * Math.cos(azimuth), flat * Math.sin(azimuth), distance * Math.sin(elevation)]);
    }

    rotate(right, up) {
      this.orbit.azimuth -= right;
      this.orbit.elevation = Math.min(1.55, Math.max(this.reach[0], this.orbit.elevation + up));
      this.touched();
    }

    zoom(factor) {
      const { distance } = this.home;
      this.orbit.distance = Math.min(distance * this.reach[1], Math.max(distance * 0.15, this.orbit.distance * factor));
      this.touched();
    }

    pan(right, up) {
      const { azimuth, elevation, distance, target } = this.orbit;
      const sideways = [-Math.sin(azimuth), Math.cos(azimuth), 0];
      const upwards = [
        -Math.sin(elevation) * Math.cos(azimuth), -Math.sin(elevation) * Math.sin(azimuth), Math.cos(elevation)];
      this.orbit.target = plus(plus(target, sideways, -right * distance), upwards, up * distance);
      this.touched();
    }

    touched() {
      this.turn = 0;
      this.redraw();
    }

    // ---- the visitor's hand

    listen() {
      const { canvas } = this, pointers = new Map();
      const spread = () => {
        const [a, b] = [...pointers.values()];
        return Math.hypot(a.x - b.x, a.y - b.y) || 1;
      };
      canvas.addEventListener("pointerdown", (event) => {
        pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        canvas.setPointerCapture(event.pointerId);
        this.touched();
      });
      canvas.addEventListener("pointermove", (event) => {
        const last = pointers.get(event.pointerId);
        if (!last) return;
        const before = pointers.size > 1 ? spread() : 0;
        const dx = event.clientX - last.x, dy = event.clientY - last.y, size = canvas.clientHeight || 1;
        pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        if (pointers.size > 1) {
          this.zoom(before / spread());
          this.pan(dx / size / 2, dy / size / 2);
        } else if (event.shiftKey || event.buttons & 6) this.pan(dx / size, dy / size);
        else this.rotate((dx / size) * 4, (dy / size) * 4);
      });
      for (const end of ["pointerup", "pointercancel"])
        canvas.addEventListener(end, (event) => pointers.delete(event.pointerId));
      canvas.addEventListener("contextmenu", (event) => event.preventDefault());
      canvas.addEventListener("wheel", (event) => {
        event.preventDefault();
        this.zoom(Math.exp(Math.sign(event.deltaY) * Math.min(80, Math.abs(event.deltaY)) * 0.0022));
      }, { passive: false });
      canvas.addEventListener("dblclick", () => this.reset());
      canvas.addEventListener("keydown", (event) => {
        const step = 0.12;
        const action = {
          ArrowLeft: () => this.rotate(step, 0), ArrowRight: () => this.rotate(-step, 0),
          ArrowUp: () => this.rotate(0, step), ArrowDown: () => this.rotate(0, -step),
          "+": () => this.zoom(0.88), "=": () => this.zoom(0.88), "-": () => this.zoom(1 / 0.88),
          Home: () => this.reset(), 0: () => this.reset(),
        }[event.key];
        if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        action();
      });
    }

    // ---- models

    model(id) {
      if (!this.models.has(id)) {
        const made = this.load(id).then((bytes) => this.makeModel(readGlb(bytes)));
        made.catch(() => this.models.delete(id));
        this.models.set(id, made);
      }
      return this.models.get(id);
    }

    async makeModel(glb) {
      const { gl } = this;
      const images = await Promise.all((glb.document.images || []).map((image) => this.texture(glb, image)));
      const model = { parts: [], images, triangles: 0, low: [Infinity, Infinity, Infinity],
        high: [-Infinity, -Infinity, -Infinity] };
      for (const [matrix, mesh] of placedMeshes(glb))
        for (const primitive of mesh.primitives) {
          const points = numbers(glb, primitive.attributes.POSITION);
          const part = this.part(glb, primitive, points, images);
          model.parts.push({ ...part, matrix });
          model.triangles += part.count / 3;
          for (let i = 0; i < points.length; i += 3) {
            const point = transformed(matrix, points.subarray(i, i + 3));
            for (let axis = 0; axis < 3; axis++) {
              model.low[axis] = Math.min(model.low[axis], point[axis]);
              model.high[axis] = Math.max(model.high[axis], point[axis]);
            }
          }
        }
      if (gl.isContextLost()) throw new Error("the graphics context was lost");
      return model;
    }

    part(glb, primitive, points, images) {
      const { gl } = this, array = gl.createVertexArray(), buffers = [];
      gl.bindVertexArray(array);
      const attribute = (place, data, width) => {
        buffers.push(gl.createBuffer());
        gl.bindBuffer(gl.ARRAY_BUFFER, buffers.at(-1));
        gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
        gl.enableVertexAttribArray(place);
        gl.vertexAttribPointer(place, width, gl.FLOAT, false, 0, 0);
      };
      const indices = primitive.indices === undefined
        ? Uint32Array.from({ length: points.length / 3 }, (_, i) => i)
        : Uint32Array.from(numbers(glb, primitive.indices));
      const { NORMAL, TEXCOORD_0 } = primitive.attributes;
      attribute(0, points, 3);
      attribute(1, NORMAL === undefined ? facetNormals(points, indices) : numbers(glb, NORMAL), 3);
      if (TEXCOORD_0 !== undefined) attribute(2, numbers(glb, TEXCOORD_0), 2);
      buffers.push(gl.createBuffer());
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.at(-1));
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
      gl.bindVertexArray(null);
      const material = (glb.document.materials || [])[primitive.material] || {};
      const surface = material.pbrMetallicRoughness || {}, texture = surface.baseColorTexture;
      return {
        array, buffers, count: indices.length,
        color: surface.baseColorFactor || [1, 1, 1, 1],
        metallic: surface.metallicFactor ?? 1,
        roughness: Math.max(0.05, surface.roughnessFactor ?? 1),
        image: texture && TEXCOORD_0 !== undefined ? images[glb.document.textures[texture.index].source] : null,
        doubleSided: Boolean(material.doubleSided),
      };
    }

    async texture(glb, image) {
      const { gl } = this;
      const blob = new Blob([chunk(glb, image.bufferView)], { type: image.mimeType });
      const picture = await createImageBitmap(blob, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
      const texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.SRGB8_ALPHA8, gl.RGBA, gl.UNSIGNED_BYTE, picture);
      gl.generateMipmap(gl.TEXTURE_2D);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
      const anisotropic = gl.getExtension("EXT_texture_filter_anisotropic");
      if (anisotropic) gl.texParameterf(gl.TEXTURE_2D, anisotropic.TEXTURE_MAX_ANISOTROPY_EXT, 8);
      picture.close();
      return texture;
    }

    // Keeps the graphics memory small: models that are not shown go once there are many.
    forgetUnused() {
      const shown = new Set(this.things.map((thing) => thing.asset));
      for (const [id, made] of this.models) {
        if (this.models.size <= 48) return;
        if (shown.has(id)) continue;
        this.models.delete(id);
        made.then((model) => this.dispose(model), () => {});
      }
    }

    dispose({ parts, images }) {
      const { gl } = this;
      for (const { array, buffers } of parts) {
        gl.deleteVertexArray(array);
        buffers.forEach((buffer) => gl.deleteBuffer(buffer));
      }
      images.forEach((image) => gl.deleteTexture(image));
    }

    // ---- a frame

    redraw() {
      if (this.pending) return;
      this.pending = requestAnimationFrame((now) => {
        this.pending = 0;
        if (this.turn && this.things.length) {
          this.orbit.azimuth += this.turn * Math.min(0.05, (now - (this.lastFrame ?? now)) / 1000);
          this.lastFrame = now;
          if (this.orbit.azimuth > this.home.azimuth + 2 * Math.PI) this.turn = 0;
          this.draw();
          this.redraw();
        } else {
          this.lastFrame = undefined;
          this.draw();
        }
      });
    }

    draw() {
      const { gl, canvas } = this, scale = Math.min(2, devicePixelRatio || 1);
      const width = Math.round(canvas.clientWidth * scale), height = Math.round(canvas.clientHeight * scale);
      if (!width || !height || gl.isContextLost()) return;
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      gl.enable(gl.DEPTH_TEST);
      gl.depthMask(true);
      const shadow = this.things.length ? this.drawShadowMap(this.whole || this.floor) : null;
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.viewport(0, 0, width, height);
      const back = this.whole && this.things.length ? this.lighting.ambient.map((c) => c ** (1 / 2.2)) : null;
      gl.clearColor(...(back || [0, 0, 0]), back ? 1 : 0);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      if (!this.things.length) return this.report(0);
      const { distance, target } = this.orbit, far = this.whole ? 40 : distance + 8 * this.shadowBall[1];
      const camera = multiply(
        perspective(FIELD, width / height, Math.max(0.004, distance / 60), far), lookAt(this.eye(), target));
      const drawn = this.drawSurfaces(camera, shadow);
      if (this.floor) this.drawGround(camera, shadow);
      this.placeLabels(camera);
      this.report(drawn);
    }

    report(triangles) {
      this.canvas.dataset.triangles = triangles;
    }

    // Draws what the first light sees, or, without `casting`, nothing that could be in its way.
    drawShadowMap(casting) {
      const { gl } = this, [middle, radius] = this.shadowBall;
      const light = this.lighting.directional[0];
      const direction = unit(light ? light.direction : [0, 0, -1]);
      const camera = multiply(orthographic(radius), lookAt(plus(middle, direction, -1e-3), middle));
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.shadowBuffer);
      gl.viewport(0, 0, SHADOW_SIZE, SHADOW_SIZE);
      gl.clear(gl.DEPTH_BUFFER_BIT);
      if (!casting) return camera;
      gl.disable(gl.CULL_FACE);
      gl.enable(gl.POLYGON_OFFSET_FILL);
      gl.polygonOffset(2, 2);
      const { handle, at } = this.programs.depth;
      gl.useProgram(handle);
      gl.uniformMatrix4fv(at("camera"), false, camera);
      this.eachPart(({ matrix, part }) => {
        gl.uniformMatrix4fv(at("model"), false, matrix);
        this.drawPart(part);
      });
      gl.disable(gl.POLYGON_OFFSET_FILL);
      return camera;
    }

    drawSurfaces(camera, shadow) {
      const { gl } = this, { handle, at } = this.programs.surface, lights = this.lighting.directional.slice(0, 4);
      gl.useProgram(handle);
      gl.uniformMatrix4fv(at("camera"), false, camera);
      gl.uniform3fv(at("eye"), this.eye());
      gl.uniform3fv(at("ambient"), this.lighting.ambient);
      gl.uniform1i(at("lights"), lights.length);
      if (lights.length) {
        gl.uniform3fv(at("lightDirections"), lights.flatMap((light) => unit(light.direction)));
        gl.uniform3fv(at("lightColors"), lights.flatMap((light) => light.color));
      }
      this.bindShadow(at, shadow);
      gl.uniform1i(at("image"), 0);
      gl.cullFace(gl.BACK);
      let triangles = 0;
      this.eachPart(({ matrix, part }) => {
        gl.uniformMatrix4fv(at("model"), false, matrix);
        gl.uniform4fv(at("baseColor"), part.color);
        gl.uniform1f(at("metallic"), part.metallic);
        gl.uniform1f(at("roughness"), part.roughness);
        gl.uniform1i(at("textured"), part.image ? 1 : 0);
        gl.activeTexture(gl.TEXTURE0);
        gl.bindTexture(gl.TEXTURE_2D, part.image);
        gl[part.doubleSided ? "disable" : "enable"](gl.CULL_FACE);
        this.drawPart(part);
        triangles += part.count / 3;
      });
      return triangles;
    }

    drawGround(camera, shadow) {
      const { gl } = this, { handle, at } = this.programs.ground, { height, middle, radius } = this.floor;
      const size = 2.4 * radius, square = poseMatrix([middle[0], middle[1], height], [1, 0, 0, 0], [size, size, 1]);
      gl.useProgram(handle);
      gl.uniformMatrix4fv(at("camera"), false, camera);
      gl.uniformMatrix4fv(at("model"), false, square);
      this.bindShadow(at, shadow);
      gl.enable(gl.CULL_FACE);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.depthMask(false);
      gl.enable(gl.POLYGON_OFFSET_FILL);
      gl.polygonOffset(1, 1);
      this.drawPart(this.ground);
      gl.disable(gl.POLYGON_OFFSET_FILL);
      gl.depthMask(true);
      gl.disable(gl.BLEND);
    }

    eachPart(visit) {
      for (const { matrix, model } of this.things)
        for (const part of model.parts) visit({ matrix: multiply(matrix, part.matrix), part });
    }

    drawPart({ array, count }) {
      const { gl } = this;
      gl.bindVertexArray(array);
      gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, 0);
    }

    bindShadow(at, shadow) {
      const { gl } = this;
      gl.activeTexture(gl.TEXTURE1);
      gl.bindTexture(gl.TEXTURE_2D, this.shadowMap);
      gl.uniform1i(at("shadowMap"), 1);
      gl.uniformMatrix4fv(at("lightCamera"), false, shadow);
    }

    makeShadowMap() {
      const { gl } = this;
      this.shadowMap = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, this.shadowMap);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.DEPTH_COMPONENT24, SHADOW_SIZE, SHADOW_SIZE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
      this.shadowBuffer = gl.createFramebuffer();
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.shadowBuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, this.shadowMap, 0);
      gl.drawBuffers([gl.NONE]);
    }

    // A square around the origin whose texture coordinates say how far it is to the middle.
    makeGround() {
      const { gl } = this, array = gl.createVertexArray();
      gl.bindVertexArray(array);
      const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
      const buffer = (kind, data) => {
        gl.bindBuffer(kind, gl.createBuffer());
        gl.bufferData(kind, data, gl.STATIC_DRAW);
      };
      buffer(gl.ARRAY_BUFFER, new Float32Array(corners.flatMap(([x, y]) => [x, y, 0, 0, 0, 1, x, y])));
      [[0, 3, 0], [1, 3, 12], [2, 2, 24]].forEach(([place, width, offset]) => {
        gl.enableVertexAttribArray(place);
        gl.vertexAttribPointer(place, width, gl.FLOAT, false, 32, offset);
      });
      buffer(gl.ELEMENT_ARRAY_BUFFER, new Uint32Array([0, 1, 2, 0, 2, 3]));
      gl.bindVertexArray(null);
      return { array, count: 6 };
    }

    program(fragment) {
      const { gl } = this, handle = gl.createProgram();
      for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, fragment]]) {
        const shader = gl.createShader(kind);
        gl.shaderSource(shader, source);
        gl.compileShader(shader);
        gl.attachShader(handle, shader);
        if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
      }
      gl.linkProgram(handle);
      if (!gl.getProgramParameter(handle, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(handle));
      const places = new Map();
      const at = (name) => {
        if (!places.has(name)) places.set(name, gl.getUniformLocation(handle, name));
        return places.get(name);
      };
      return { handle, at };
    }

    // ---- labels over things

    makeLabels() {
      this.labels.replaceChildren(...this.things.filter((thing) => thing.label).map((thing) => {
        const label = document.createElement("span");
        label.textContent = thing.label;
        label.className = `label role-${thing.role}`;
        thing.element = label;
        return label;
      }));
    }

    placeLabels(camera) {
      const { clientWidth, clientHeight } = this.canvas;
      for (const { element, matrix, model } of this.things) {
        if (!element) continue;
        const middle = [0, 1].map((axis) => (model.low[axis] + model.high[axis]) / 2);
        const [x, y, z] = transformed(matrix, [...middle, (model.low[2] + model.high[2]) / 2]);
        const top = [x, y, z + Math.max(...subtract(model.high, model.low)) / 2];
        const w = camera[3] * top[0] + camera[7] * top[1] + camera[11] * top[2] + camera[15];
        const [u, v] = transformed(camera, top).map((value) => value / w);
        element.hidden = w <= 0 || Math.abs(u) > 1 || Math.abs(v) > 1;
        const left = ((u + 1) / 2) * clientWidth, above = ((1 - v) / 2) * clientHeight;
        element.style.transform = `translate(${left.toFixed(1)}px, ${above.toFixed(1)}px) translate(-50%, -100%)`;
      }
    }
  }

  function facetNormals(points, indices) {
    const normals = new Float32Array(points.length);
    for (let i = 0; i < indices.length; i += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => Array.from(points.subarray(3 * indices[i + k], 3 * indices[i + k] + 3)));
      const normal = cross(subtract(b, a), subtract(c, a));
      for (let k = 0; k < 3; k++)
        for (let axis = 0; axis < 3; axis++) normals[3 * indices[i + k] + axis] += normal[axis];
    }
    return normals;
  }

  return Viewer;
})();
