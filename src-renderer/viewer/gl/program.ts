/** Compiles a fragment shader that runs over the whole pane. */

/** One triangle that covers the pane; its corners come from the vertex number, so there is nothing to bind. */
const wholePane = `#version 300 es
void main() {
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

export interface Program<Name extends string> {
  readonly handle: WebGLProgram;
  readonly at: Readonly<Record<Name, WebGLUniformLocation | null>>;
}

/** Throws with the compiler's log when the shader does not compile. */
export function createProgram<Name extends string>(
  gl: WebGL2RenderingContext,
  fragment: string,
  uniforms: readonly Name[],
): Program<Name> {
  const handle = gl.createProgram();
  const stages = [compile(gl, gl.VERTEX_SHADER, wholePane), compile(gl, gl.FRAGMENT_SHADER, fragment)];
  for (const stage of stages) gl.attachShader(handle, stage);
  gl.linkProgram(handle);
  // A context that is lost meanwhile compiles nothing, and everything is built again when it returns.
  if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = stages.map((stage) => gl.getShaderInfoLog(stage));
    throw new Error(
      `The viewer's shader does not compile: ${[...logs, gl.getProgramInfoLog(handle)].join('\n')}`,
    );
  }
  for (const stage of stages) gl.deleteShader(stage);
  const at = Object.fromEntries(uniforms.map((name) => [name, gl.getUniformLocation(handle, name)]));
  return { handle, at: at as Record<Name, WebGLUniformLocation | null> };
}

function compile(gl: WebGL2RenderingContext, kind: GLenum, source: string): WebGLShader {
  const shader = gl.createShader(kind);
  if (shader === null) throw new Error('The graphics driver has no room for another shader.');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}
