const learn = 'https://learn.microsoft.com/en-us'
const client = `${learn}/javascript/api/@azure/event-hubs`
const liveTests = 'Azure/azure-sdk-for-js sdk/eventhub/event-hubs/test'

/** Where the rules stand: pages of Azure, and the tests its client runs against the live service. */
export const pages = {
  features: `${learn}/azure/event-hubs/event-hubs-features`,
  quotas: `${learn}/azure/event-hubs/event-hubs-quotas`,
  consistency: `${learn}/azure/event-hubs/event-hubs-availability-and-consistency`,
  sas: `${learn}/azure/event-hubs/authenticate-shared-access-signature`,
  authorize: `${learn}/azure/event-hubs/authorize-access-shared-access-signature`,
  names: `${learn}/azure/azure-resource-manager/management/resource-name-rules`,
  amqp: `${learn}/azure/service-bus-messaging/service-bus-amqp-protocol-guide`,
  exceptions: `${learn}/azure/event-hubs/exceptions-dotnet`,
  producer: `${client}/eventhubproducerclient`,
  bufferedProducer: `${client}/eventhubbufferedproducerclient`,
  batch: `${client}/eventdatabatch`,
  consumer: `${client}/eventhubconsumerclient`,
  subscribe: `${client}/subscribeoptions`,
  position: `${client}/eventposition`,
  received: `${client}/receivedeventdata`,
  hubProperties: `${client}/eventhubproperties`,
  partitionProperties: `${client}/partitionproperties`,
  annotated: `${liveTests}/public/amqpAnnotatedMessage.spec.ts`,
  runtimeTest: `${liveTests}/public/hubruntime.spec.ts`,
  receiverTest: `${liveTests}/public/receiver.spec.ts`,
  idempotentTest: `${liveTests}/internal/eventHubProducerClient.idem.spec.ts`,
  disconnectTest: `${liveTests}/internal/node/disconnect.spec.ts`,
  keyMapper: 'Azure/azure-sdk-for-js sdk/eventhub/event-hubs/src/impl/partitionKeyToIdMapper.ts',
} as const
