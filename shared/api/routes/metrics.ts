import { z } from 'zod'
import type { Ports } from '../../ports.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

/** Source: Prometheus, exposition formats. */
const mediaType = 'text/plain; version=0.0.4; charset=utf-8'

export const metrics = ({ ports: { telemetry } }: { ports: Pick<Ports, 'telemetry'> }): Endpoint =>
  endpoint({
    name: 'metrics',
    method: 'GET',
    path: '/metrics',
    access: access.operate,
    group: 'service',
    summary:
      'Figures of the instance that answers, as Prometheus reads them: each instance has its own, from its start',
    output: z.string(),
    mediaType: 'text/plain',
    run: async () => ({ headers: { 'content-type': mediaType }, body: await telemetry.exposition() }),
  })
