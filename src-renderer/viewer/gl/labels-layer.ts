/** Segments that are being drawn: each filled in its colour, with a line where it ends. */
import type { LabelsLayer } from '../scene.ts';
import { frameGlsl, frameUniforms } from './glsl.ts';
import { bindTexture, drawPane, useFrame } from './layer.ts';
import type { Drawing } from './layer.ts';
import { createPrograms } from './program.ts';

const coloursAtOnce = 8;

const fragment = `${frameGlsl}
uniform usampler2D uLabels;
uniform vec3 uColours[${coloursAtOnce}];
uniform float uOpacity;

uint labelAt(vec2 p) {
  ivec2 size = textureSize(uLabels, 0);
  ivec2 at = ivec2(floor(p));
  if (at.x < 0 || at.y < 0 || at.x >= size.x || at.y >= size.y) return 0u;
  return texelFetch(uLabels, at, 0).r;
}
void main() {
  vec2 p = imagePoint();
  uint label = labelAt(p);
  if (label == 0u) discard;
  bool border = false;
  int count = label == 0u ? 0 : 8;
  for (int i = 0; i < count; i++) if (labelAt(p + lineStep(i)) != label) border = true;
  float alpha = border ? 1.0 : uOpacity;
  outColour = vec4(uColours[int(label - 1u) % ${coloursAtOnce}] * alpha, alpha);
}`;

export function createLabelsLayer(gl: WebGL2RenderingContext) {
  const programs = createPrograms(gl, fragment, [
    ...frameUniforms,
    'uLabels',
    'uColours',
    'uOpacity',
  ] as const);
  return (drawing: Drawing, layer: LabelsLayer): void => {
    const program = programs({});
    useFrame(drawing, program);
    bindTexture(gl, 0, drawing.textures.labels(layer.labels), program.at.uLabels);
    const colours = Array.from({ length: coloursAtOnce }, (_, i) => layer.colours[i % layer.colours.length]!);
    gl.uniform3fv(
      program.at.uColours,
      colours.flatMap((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)),
    );
    gl.uniform1f(program.at.uOpacity, layer.opacity);
    drawPane(gl);
  };
}
