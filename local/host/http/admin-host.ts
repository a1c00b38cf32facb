import { hostVersion } from '../app/core-module.ts'
import type { AdminEndpoint } from './admin.ts'

/** State of the host, its drain mode, and the ping that load balancers send. */
export const hostEndpoints: readonly AdminEndpoint[] = [
  ...['GET', 'POST'].map(method => ({
    method,
    path: /^admin\/host\/ping$/i,
    open: true,
    answer: () => ({ status: 200 }),
  })),
  {
    method: 'GET',
    path: /^admin\/host\/status$/i,
    answer: (_, { actions }) => ({
      status: 200,
      body: {
        id: actions.hostId,
        state: 'Running',
        version: hostVersion,
        versionDetails: hostVersion,
        processUptime: Math.round(process.uptime() * 1000),
      },
    }),
  },
  {
    method: 'POST',
    path: /^admin\/host\/drain$/i,
    answer: async (_, { actions }) => {
      await actions.drain()
      return { status: 202 }
    },
  },
  {
    method: 'GET',
    path: /^admin\/host\/drain\/status$/i,
    answer: async (_, { actions }) => {
      const { state, outstandingInvocations } = await actions.drainStatus()
      // Retries wait inside their invocation here, so that there are none beside the invocations.
      return { status: 200, body: { state, outstandingInvocations, outstandingRetries: 0 } }
    },
  },
  {
    method: 'POST',
    path: /^admin\/host\/resume$/i,
    answer: async (_, { actions }) => {
      await actions.resume()
      return { status: 200, body: { state: 'Running' } }
    },
  },
]
