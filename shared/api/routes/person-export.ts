import type { Ports } from '../../ports.ts'
import { exportPerson } from '../../privacy/export/export-person.ts'
import { PersonExport } from '../../schemas/privacy-answers.ts'
import { UserPath } from '../../schemas/requests.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

export const personExport = ({ ports, pseudonymKey }: { ports: Ports; pseudonymKey: string }): Endpoint =>
  endpoint({
    name: 'person-export',
    method: 'GET',
    path: '/api/privacy/users/{id}/export',
    access: access.ownData,
    group: 'privacy',
    summary:
      'Everything that is kept of a person, store by store, as it is stored; of each table of the lake the newest 1,000 rows and how many there are',
    input: { path: UserPath },
    output: PersonExport,
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id } }) => ({ body: await exportPerson(id, pseudonymKey, ports) }),
  })
