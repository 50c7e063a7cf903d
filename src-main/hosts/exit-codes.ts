/** How the desktop process ends when it cannot go on. */
export const exitCodes = {
  /** It started, and has already told the person why it stops: nothing is to be tried instead. */
  saidWhy: 3,
} as const;
