import type { EraseStep } from '../erasure/erase-step.ts'
import { eventFilesSteps } from './event-files-steps.ts'
import { exportsStep } from './exports-step.ts'
import { lakeTablesSteps } from './lake-tables-steps.ts'
import { landingFilesStep } from './landing-files-step.ts'
import { modelsStep } from './models-step.ts'
import { rejectedRowsStep } from './rejected-rows-step.ts'
import { runFilesStep } from './run-files-step.ts'
import { runLogsStep } from './run-logs-step.ts'

/**
 * What takes a person out of the lake and out of all files, in the order in which it is done: what could be taken in again
 * before what it was taken into.
 */
export const lakeSteps: readonly EraseStep[] = [
  landingFilesStep,
  ...eventFilesSteps,
  rejectedRowsStep,
  ...lakeTablesSteps,
  modelsStep,
  runFilesStep,
  exportsStep,
  runLogsStep,
]
