import type { EraseStep } from '../erasure/erase-step.ts'
import { jobLedgerStep } from './job-ledger-step.ts'
import { publishedListsStep } from './published-lists-step.ts'
import { unnamedSteps } from './unnamed-steps.ts'
import { userDocumentsStep } from './user-documents-step.ts'

/** What takes a person out of everything lists are served from. */
export const servingSteps: readonly EraseStep[] = [
  userDocumentsStep,
  publishedListsStep,
  jobLedgerStep,
  ...unnamedSteps,
]
