import { startAzurite } from '../azurite/azurite.ts'

export interface TestAzurite {
  connectionString: string
  stop(): Promise<void>
}

/** Azurite in memory on free ports, for the tests of this folder. */
export async function startTestAzurite(): Promise<TestAzurite> {
  const { connectionString, close } = await startAzurite()
  return { connectionString, stop: close }
}
