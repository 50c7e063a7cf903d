/** Below this the recurrence lifts the argument to where the asymptotic series is exact to float64. */
const asymptotic = 10;

/** Derivative of log gamma for positive arguments: psi(x) = psi(x + 1) - 1 / x, then the asymptotic series. */
export function digamma(argument: number): number {
  let x = argument;
  let shift = 0;
  while (x < asymptotic) {
    shift -= 1 / x;
    x += 1;
  }
  const square = 1 / (x * x);
  const series =
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  return shift + Math.log(x) - 0.5 / x - series;
}
