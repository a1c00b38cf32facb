import type { EraseStep } from '../erasure/erase-step.ts'

/** What takes a person out of the lake and out of all files, in the order in which it is done. */
export const lakeSteps: readonly EraseStep[] = []
