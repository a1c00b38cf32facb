import { expect, test } from 'vitest'
import { memoryTelemetry } from '../memory/telemetry.ts'
import { ActiveTime } from './active-time.ts'

function measured() {
  const { telemetry, told } = memoryTelemetry()
  const moment = { ms: 0 }
  const time = new ActiveTime(telemetry, () => moment.ms)
  return { time, moment, billed: (trigger = 'http') => told.valueOf('active_ms_total', { trigger }), told }
}

test('invocations that overlap are one stretch of time, in steps of a tenth of a second', () => {
  const { time, moment, billed, told } = measured()
  const first = time.begin('http')
  moment.ms = 1_000
  const second = time.begin('http')
  moment.ms = 1_500
  first()
  expect(billed()).toBe(0)
  moment.ms = 2_040
  second()
  expect(billed()).toBe(2_100)
  expect(told.valueOf('executions_total', { trigger: 'http' })).toBe(2)
})

test('a short stretch is billed as a second, and each anew', () => {
  const { time, moment, billed } = measured()
  time.begin('http')()
  moment.ms = 5_000
  time.begin('http')()
  expect(billed()).toBe(2_000)
})

test('triggers have instances of their own, and are billed each for itself', () => {
  const { time, moment, billed } = measured()
  const ends = [time.begin('http'), time.begin('clock')]
  moment.ms = 3_000
  for (const end of ends) end()
  expect([billed('http'), billed('clock')]).toEqual([3_000, 3_000])
})

test('a stretch without a pause is told of as it goes, and comes to the same', () => {
  const { time, moment, billed } = measured()
  let end = time.begin('http')
  for (moment.ms = 500; moment.ms < 25_000; moment.ms += 500) {
    const next = time.begin('http')
    end()
    end = next
  }
  expect(billed()).toBe(20_000)
  end()
  expect(billed()).toBe(25_000)
})
