/** A file that nothing can be taken from as it is: it is left until it, or its mapping file, changes. */
export class RefusedFile extends Error {
  override readonly name = 'RefusedFile'
}
