import { at, isArray, type Value } from '../bicep/values.ts'
import type { Scenario } from '../infrastructure.ts'
import { each, type Policy, policy, unequal } from './policy.ts'

const of = 'Microsoft.Network'
const network = `${of}/virtualNetworks`
const endpoint = `${of}/privateEndpoints`
const zone = `${of}/privateDnsZones`

/** What a service is reached by in the private network: the group of its endpoint, its names, its resource. */
const services = {
  'host-blob': { group: 'blob', zone: 'privatelink.blob.core.windows.net', name: 'sthost' },
  'host-queue': { group: 'queue', zone: 'privatelink.queue.core.windows.net', name: 'sthost' },
  'lake-blob': { group: 'blob', zone: 'privatelink.blob.core.windows.net', name: 'stlake' },
  cosmos: { group: 'Sql', zone: 'privatelink.documents.azure.com', name: 'cosmos-' },
  'event-hubs': {
    group: 'namespace',
    zone: 'privatelink.servicebus.windows.net',
    name: 'evhns-',
  },
  vault: { group: 'vault', zone: 'privatelink.vaultcore.azure.net', name: 'kv-' },
} as const
type Service = keyof typeof services
const names = Object.keys(services) as Service[]

const networkId = ({ all }: Scenario) => all(network)[0]?.id ?? ''
/** What has a name that begins so, and is no part of another. */
const named = ({ resources }: Scenario, start: string) =>
  resources.find(({ name, parent }) => parent === undefined && name.startsWith(start))
const serviceOf = (name: string): Service => names.find(service => name.startsWith(`pe-${service}-`)) ?? 'vault'

/** A rule of a security group in the order of its parts: `Outbound Allow 100 Tcp * -> VirtualNetwork:443`. */
function ruleText(rule: Value): string {
  const part = (name: string) => String(at(rule, `properties.${name}`))
  const [from, to] = [
    `${part('sourceAddressPrefix')}:${part('sourcePortRange')}`,
    `${part('destinationAddressPrefix')}:${part('destinationPortRange')}`,
  ]
  return `${String(at(rule, 'name'))} ${part('direction')} ${part('access')} ${part('priority')} ${part('protocol')} ${from} -> ${to}`
}
const rules = {
  'nsg-apps': [
    'allow-services Outbound Allow 100 Tcp *:* -> VirtualNetwork:443',
    'allow-event-hubs Outbound Allow 110 Tcp *:* -> VirtualNetwork:5671',
    'allow-entra Outbound Allow 120 Tcp *:* -> AzureActiveDirectory:443',
    'allow-monitor Outbound Allow 130 Tcp *:* -> AzureMonitor:443',
    'allow-extensions Outbound Allow 140 Tcp *:* -> AzureFrontDoor.Frontend:443',
    'deny-internet Outbound Deny 150 * *:* -> Internet:*',
  ],
  'nsg-endpoints': [
    'allow-https Inbound Allow 100 Tcp VirtualNetwork:* -> *:443',
    'allow-amqp Inbound Allow 110 Tcp VirtualNetwork:* -> *:5671',
    'deny-others Inbound Deny 120 * *:* -> *:*',
  ],
} as const

export const networkPolicies: readonly Policy[] = [
  policy('Starter has no network: an endpoint costs as much as half of it', ({ profile, resources }) =>
    profile === 'starter' ? resources.filter(({ type }) => type.startsWith(`${of}/`)).map(({ label }) => label) : [],
  ),
  policy('Each service has an endpoint in the private network of enterprise, and names there', ({ profile, all }) => {
    const wanted = profile === 'starter' ? [] : names
    return [
      ...unequal(
        'endpoint',
        all(endpoint).map(({ name }) => serviceOf(name)),
        wanted,
      ),
      ...unequal(
        'zone',
        all(zone).map(({ name }) => name),
        [...new Set(wanted.map(name => services[name].zone))],
      ),
    ]
  }),
  each('An endpoint leads to its service, from the subnet of endpoints', endpoint, {
    'properties.subnet.id': scenario => `${networkId(scenario)}/subnets/endpoints`,
    'properties.privateLinkServiceConnections': (scenario, { name }) => {
      const { name: start, group } = services[serviceOf(name)]
      const properties = { privateLinkServiceId: named(scenario, start)?.id ?? null, groupIds: [group] }
      return [{ name: serviceOf(name), properties }]
    },
  }),
  each('The names of an endpoint are in the zone of its service', `${endpoint}/privateDnsZoneGroups`, {
    'properties.privateDnsZoneConfigs': (scenario, { name }) => {
      const service = serviceOf(name)
      const id = scenario.all(zone).find(found => found.name === services[service].zone)?.id
      return [{ name: service, properties: { privateDnsZoneId: id ?? null } }]
    },
  }),
  policy('Every endpoint has its names, and every zone answers in the network', ({ all }) => [
    ...unequal(
      'names of',
      all(`${endpoint}/privateDnsZoneGroups`).map(({ name }) => name.split('/')[0] ?? ''),
      all(endpoint).map(({ name }) => name),
    ),
    ...unequal(
      'link of',
      all(`${zone}/virtualNetworkLinks`).map(({ name }) => name.split('/')[0] ?? ''),
      all(zone).map(({ name }) => name),
    ),
  ]),
  each('Zones answer in our network and take no names from it', `${zone}/virtualNetworkLinks`, {
    'properties.registrationEnabled': false,
    'properties.virtualNetwork': scenario => ({ id: networkId(scenario) }),
  }),
  each('The network has the addresses that it was given', network, {
    'properties.addressSpace': { addressPrefixes: ['10.42.0.0/16'] },
  }),
  policy(
    'Each app has a subnet that is Flex Consumption’s, and endpoints have one; none shares addresses',
    ({ all, profile }) => {
      const subnets = all(network).map(({ properties }) => properties.subnets)[0] ?? []
      const found = (isArray(subnets) ? subnets : []).map(subnet => {
        const delegations = at(subnet, 'properties.delegations')
        const to = isArray(delegations)
          ? delegations.map(each => `${at(each, 'name')}:${at(each, 'properties.serviceName')}`).join()
          : ''
        const group = String(at(subnet, 'properties.networkSecurityGroup.id'))
        const policies = at(subnet, 'properties.privateEndpointNetworkPolicies') ?? ''
        const address = String(at(subnet, 'properties.addressPrefix'))
        return `${String(at(subnet, 'name'))} ${address} ${group.split('/').at(-1)?.slice(0, -14)} ${to}${String(policies)}`
      })
      const wanted = [
        'app-api 10.42.0.0/24 nsg-apps functions:Microsoft.App/environments',
        'app-worker 10.42.1.0/24 nsg-apps functions:Microsoft.App/environments',
        'endpoints 10.42.100.0/24 nsg-endpoints NetworkSecurityGroupEnabled',
      ]
      return unequal('subnet', found, profile === 'starter' ? [] : wanted)
    },
    { [network]: ['properties.subnets'] },
  ),
  policy(
    'Apps call services, Entra and Azure Monitor, and nothing else; endpoints answer this network alone',
    ({ all, profile }) => {
      if (profile === 'starter') return []
      return Object.entries(rules).flatMap(([start, wanted]) => {
        const group = all(`${of}/networkSecurityGroups`).find(({ name }) => name.startsWith(start))
        const found = at(group?.properties ?? {}, 'securityRules')
        return unequal(`${start}: rule`, isArray(found) ? found.map(ruleText) : [], wanted)
      })
    },
    { [`${of}/networkSecurityGroups`]: ['properties.securityRules'] },
  ),
]
