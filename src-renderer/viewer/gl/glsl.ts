/** Shader text that several layers share. */

/** Uniforms of every layer: pane, view and image. */
export const frameUniforms = ['uPane', 'uCentre', 'uScale', 'uTurn', 'uImageSize', 'uRatio'] as const;

/**
 * Where the fragment lies in the image, and reading textures texel by texel.
 * `uPane`: device pixels. `uCentre`: image point at the centre. `uScale`: device pixels per image pixel.
 * `uTurn`: from the screen's axes to the image's. `uRatio`: device pixels per CSS pixel.
 */
export const frameGlsl = `
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;
uniform vec2 uPane, uCentre, uScale, uImageSize;
uniform mat2 uTurn;
uniform float uRatio;
out vec4 outColour;

vec2 imagePoint() {
  vec2 screen = vec2(gl_FragCoord.x, uPane.y - gl_FragCoord.y);
  return uTurn * (screen - 0.5 * uPane) / uScale + uCentre;
}
bool inImage(vec2 p) {
  return all(greaterThanEqual(p, vec2(0.0))) && all(lessThan(p, uImageSize));
}
/* Averages at most 8 x 8 samples over one screen pixel where several image pixels share it. */
int samplesAcross() {
  return int(clamp(ceil(1.0 / min(uScale.x, uScale.y) - 0.01), 1.0, 8.0));
}
vec2 sampleOffset(int x, int y, int count) {
  return ((vec2(x, y) + 0.5) / float(count) - 0.5) / uScale;
}
vec4 texel(sampler2D image, ivec2 at) {
  return texelFetch(image, clamp(at, ivec2(0), textureSize(image, 0) - 1), 0);
}
vec4 nearest(sampler2D image, vec2 p) {
  return texel(image, ivec2(floor(p)));
}
vec4 bilinear(sampler2D image, vec2 p) {
  vec2 q = p - 0.5, low = floor(q), part = q - low;
  ivec2 last = textureSize(image, 0) - 1;
  ivec2 a = clamp(ivec2(low), ivec2(0), last), b = clamp(ivec2(low) + 1, ivec2(0), last);
  return mix(
    mix(texelFetch(image, a, 0), texelFetch(image, ivec2(b.x, a.y), 0), part.x),
    mix(texelFetch(image, ivec2(a.x, b.y), 0), texelFetch(image, b, 0), part.x),
    part.y);
}
/* Missing values are uploaded as -1e35; whatever is mixed with one is missing too. */
const float MISSING = -1e30;
const ivec2 NEIGHBOURS[8] = ivec2[8](
  ivec2(1, 0), ivec2(-1, 0), ivec2(0, 1), ivec2(0, -1),
  ivec2(1, 1), ivec2(-1, 1), ivec2(1, -1), ivec2(-1, -1));
/* Steps as long as a line is wide, in image pixels. 1.8 CSS pixels are two device pixels on an ordinary screen. */
vec2 lineStep(int neighbour) {
  float distance = neighbour < 4 ? 1.8 : 1.8 / sqrt(2.0);
  return vec2(NEIGHBOURS[neighbour]) * distance * uRatio / uScale;
}
`;

export const scoreUniforms = ['uMap', 'uCovers', 'uSteepest', 'uThreshold'] as const;

/**
 * The score at an image point: interpolated first, then thresholded, so the edge is as fine as the screen.
 * Switch `PATCHES`. `uSteepest`: the most the score can change over one image pixel, across and down.
 */
export const scoreGlsl = `
uniform sampler2D uMap;
uniform vec4 uCovers;
uniform vec2 uSteepest;
uniform float uThreshold;

float score(vec2 p) {
  vec2 part = (p - uCovers.xy) / uCovers.zw;
  if (!inImage(p) || any(lessThan(part, vec2(0.0))) || any(greaterThanEqual(part, vec2(1.0)))) return -1e35;
  vec2 grid = part * vec2(textureSize(uMap, 0));
  if (PATCHES) return nearest(uMap, grid).r;
  return bilinear(uMap, grid).r;
}
/* The neighbours that decide; none where the score is too high for any of them to be below the threshold. */
int contourNeighbours(vec2 p, float here) {
  vec2 low = max(uCovers.xy, vec2(0.0)), high = min(uCovers.xy + uCovers.zw, uImageSize);
  bool atEdge = any(lessThan(min(p - low, high - p) * uScale, vec2(2.0 * uRatio)));
  bool tooHigh = !PATCHES && here - uThreshold > 2.0 * uRatio * dot(uSteepest, 1.0 / uScale);
  return here < uThreshold || tooHigh && !atEdge ? 0 : 8;
}
/* here: the score at the point. */
bool onContour(vec2 p, float here) {
  int count = contourNeighbours(p, here);
  for (int i = 0; i < count; i++) if (score(p + lineStep(i)) < uThreshold) return true;
  return false;
}
`;

/** Whether an image point lies in the mask, whose grid spans the whole image. */
export const maskGlsl = `
uniform usampler2D uMask;

bool masked(vec2 p) {
  if (!inImage(p)) return false;
  ivec2 size = textureSize(uMask, 0);
  ivec2 at = min(ivec2(p / uImageSize * vec2(size)), size - 1);
  return texelFetch(uMask, at, 0).r > 0u;
}
`;

/**
 * Whether an image point may be coloured: what is too small to count is left out. Grid of the image's pixels.
 * Switch `WITHIN`: off where everything may.
 */
export const withinGlsl = `
uniform usampler2D uWithin;

bool within(vec2 p) {
  if (!WITHIN) return true;
  ivec2 size = textureSize(uWithin, 0);
  return texelFetch(uWithin, clamp(ivec2(floor(p / uImageSize * vec2(size))), ivec2(0), size - 1), 0).r > 0u;
}
`;
