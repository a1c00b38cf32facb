/** A backup or a restore that cannot go on, in words for whoever asked for it. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}
