import type { EraseStep } from '../erasure/erase-step.ts'
import { lakeTablesSteps } from './lake-tables-steps.ts'

/** What takes a person out of the lake and out of all files, in the order in which it is done. */
export const lakeSteps: readonly EraseStep[] = [...lakeTablesSteps]
