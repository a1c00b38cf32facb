import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Delivery, EventContext, Receiver, Sender } from 'rhea'
import type { Fault, Operation } from '../faults/armed-rule.ts'
import type { AmqpFaults } from '../faults/fault-plan.ts'
import type { AmqpAction } from '../faults/fault-rule.ts'
import { entityPath } from './entity-path.ts'
import { type Client, refuseLink, sourceAddress, targetAddress } from './rhea.ts'

/** How rhea hands each event of a connection or a link to its listeners, which its typings leave out. */
interface Dispatching {
  dispatch(name: string, context: EventContext): boolean
}

type Taken = Fault<AmqpAction>

/**
 * Shows a client the faults of the plan where its links are attached, events come in and events go out. It stands between
 * rhea and the broker, so that the broker's own files know nothing of faults.
 */
export function showFaults(client: Client, faults: AmqpFaults): void {
  intercept(client.connection, (name, context, goOn) => {
    const link = context.receiver ?? context.sender
    if ((name !== 'receiver_open' && name !== 'sender_open') || link === undefined) return goOn()
    const direction = name === 'receiver_open' ? 'in' : 'out'
    const operation = ofLink(direction === 'in' ? targetAddress(link) : sourceAddress(link as Sender), direction)
    if (operation === undefined) return goOn()
    const fault = faults.take({ operation: 'attach', ...operation })
    if (fault !== undefined && !mayAttach(link, fault, client.socket)) return true
    if (context.receiver !== undefined) showSendFaults(context.receiver, operation, client, faults)
    else if (context.sender !== undefined) showDeliveryFaults(context.sender, operation, client, faults)
    return goOn()
  })
}

/** Hub, group and partition as the address of a link names them; undefined for `$cbs` and `$management`. */
function ofLink(address: string, direction: 'in' | 'out'): Operation | undefined {
  const parts = /^([^/$]+)(?:\/consumergroups\/([^/]+))?(?:\/partitions\/([^/]+))?$/.exec(entityPath(address))
  return parts === null ? undefined : { direction, hub: parts[1], group: parts[2], partition: parts[3] }
}

/** Whether the broker is still to attach the link. */
function mayAttach(link: Sender | Receiver, { action, delayMs }: Taken, socket: Socket): boolean {
  switch (action.type) {
    case 'error':
      refuseLink(link, action)
      return false
    case 'drop':
      socket.resetAndDestroy()
      return false
    case 'delay':
      holdBack(socket, delayMs)
      return true
    case 'refuse':
      return true
  }
}

function showSendFaults(receiver: Receiver, operation: Operation, { socket }: Client, faults: AmqpFaults): void {
  // What is delayed holds up what comes behind it, so that the events of a link keep their order.
  let turn = Promise.resolve()
  intercept(receiver, (name, context, goOn) => {
    const { delivery } = context
    if (name !== 'message' || delivery === undefined) return goOn()
    const fault = faults.take({ operation: 'send', ...operation })
    turn = turn.then(() => receive(delivery, fault, socket, goOn))
    return true
  })
}

async function receive(
  delivery: Delivery,
  fault: Taken | undefined,
  socket: Socket,
  goOn: () => boolean,
): Promise<void> {
  if (fault !== undefined && isAfter(fault)) answerInstead(delivery, fault, socket)
  else if (fault?.action.type === 'delay') await wait(fault.delayMs)
  else if (fault !== undefined) return answer(delivery, fault, socket)
  goOn()
}

/** Puts the fault in the place of the acceptance: the broker has stored the events when it comes to that. */
function answerInstead(delivery: Delivery, fault: Taken, socket: Socket): void {
  const accept = delivery.accept.bind(delivery)
  delivery.accept = () => {
    if (fault.action.type !== 'delay') answer(delivery, fault, socket)
    else setTimeout(() => socket.writable && accept(), fault.delayMs)
  }
}

function answer(delivery: Delivery, { action }: Taken, socket: Socket): void {
  if (action.type === 'error') delivery.reject(action)
  else socket.resetAndDestroy()
}

function showDeliveryFaults(sender: Sender, operation: Operation, { socket }: Client, faults: AmqpFaults): void {
  const send = sender.send.bind(sender)
  let isOver = false
  sender.send = (...event) => {
    // The broker may be in the middle of a turn of events when the link ends.
    if (isOver) return nothingSent
    const fault = faults.take({ operation: 'deliver', ...operation })
    if (fault === undefined) return send(...event)
    const { action, delayMs } = fault
    if (action.type === 'delay') {
      holdBack(socket, delayMs)
      return send(...event)
    }
    isOver = true
    const delivery = isAfter(fault) ? send(...event) : nothingSent
    // rhea writes what it was given to send on the next tick.
    if (action.type === 'error') sender.close(action)
    else setImmediate(() => socket.destroySoon())
    return delivery
  }
}

/** The broker does not look at what sending gives. */
const nothingSent = undefined as unknown as Delivery

function isAfter({ action }: Taken): boolean {
  return action.type !== 'refuse' && action.when === 'after'
}

/** Nothing leaves the connection for a time; what is behind waits as well, as on a slow network. */
function holdBack(socket: Socket, ms: number): void {
  socket.cork()
  setTimeout(() => socket.uncork(), ms)
}

function intercept(emitter: object, take: (name: string, context: EventContext, goOn: () => boolean) => boolean): void {
  const dispatching = emitter as Dispatching
  const dispatch = dispatching.dispatch
  dispatching.dispatch = function (this: Dispatching, ...event: [string, EventContext]) {
    return take(...event, () => dispatch.apply(this, event))
  }
}
