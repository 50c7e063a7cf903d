/** Names of the messages between the bridge and the main process, known to both ends. */
export const channels = {
  chooseFiles: 'nidus:choose-files',
  chooseFolder: 'nidus:choose-folder',
  /** The window has a listener for commands; what was asked before is sent now. */
  listening: 'nidus:listening',
  command: 'nidus:command',
} as const;
