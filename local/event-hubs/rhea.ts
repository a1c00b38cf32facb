import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import rhea, {
  type Connection,
  type ConnectionOptions,
  type EventContext,
  type Receiver,
  type Sender,
  type Session,
} from 'rhea'
import type { AmqpError } from './amqp-error.ts'
import { Claims } from './claims.ts'

// The one place that knows rhea's run-time surface where its typings leave it out.

/** A client's connection: its socket, and what it may use. */
export interface Client {
  connection: Connection
  socket: Socket
  claims: Claims
}

interface Attach {
  properties?: Record<string, unknown> | null
  desired_capabilities?: string | string[] | null
  source?: { address?: string | null; filter?: Record<string, unknown> | null } | null
  target?: { address?: string | null } | null
}

interface Outgoing {
  /** Places that are free in the buffer of deliveries. */
  available(): number
  /** Transfers that the peer still takes. */
  transfer_window(): number
  next_delivery_id: number
  next_pending_delivery: number
  deliveries: { by_id(id: number): { data: Buffer[] } | undefined }
}

type Untyped<T> = T & {
  accept(socket: Socket): void
  eof(error?: Error): void
  credit: number
  session: { outgoing: Outgoing; connection: { max_frame_size: number | null | undefined } }
  remote: { attach: Attach }
  local: { attach: { max_message_size?: number; properties?: Record<string, unknown> } }
}

const container = rhea.create_container({ id: 'event-hubs' })
// Event Hubs trusts the token put to $cbs, not the SASL exchange: MSSBCBS says just that, and the SDK leaves the
// exchange out altogether when it is given a signature instead of a key.
for (const mechanism of ['MSSBCBS', 'EXTERNAL', 'ANONYMOUS']) {
  container.sasl_server_mechanisms[mechanism] = acceptEveryone
}

const maxFrameBytes = 65_536
// What rhea sets aside for the head of a transfer, with a tag as long as its numbers get.
const frameHeadBytes = 70
const windowEvent = 'window'

const connectionOptions = {
  max_frame_size: maxFrameBytes,
  channel_max: 4_999,
  receiver_options: { autoaccept: false, credit_window: 1_000 },
  // Unsettled transfers that race a detach make the client's close() hang.
  sender_options: { snd_settle_mode: 1 },
}

export function acceptClient(socket: Socket): Client {
  const connection = container.create_connection(connectionOptions as unknown as ConnectionOptions)
  // Every receiver of the connection listens, and there may be as many as a hub has partitions.
  socket.setMaxListeners(0)
  connection.on('session_open', ({ session }: EventContext) => {
    if (session !== undefined) adapt(session)
  })
  untyped(connection).accept(socket)
  return { connection, socket, claims: new Claims() }
}

/** Ends rhea's timers of a connection whose socket is gone. */
export function dropClient({ connection }: Client): void {
  untyped(connection).eof()
}

export function sourceAddress(sender: Sender): string {
  return untyped(sender).remote.attach.source?.address ?? ''
}

export function targetAddress(link: Sender | Receiver): string {
  return untyped(link).remote.attach.target?.address ?? ''
}

/** The selector in the source's filter, whatever the filter is called. */
export function selectorOf(sender: Sender): string | undefined {
  const [filter] = Object.values(untyped(sender).remote.attach.source?.filter ?? {})
  if (filter === undefined || filter === null) return undefined
  return String(typeof filter === 'object' && 'value' in filter ? filter.value : filter)
}

export function linkProperty(link: Sender | Receiver, name: string): unknown {
  return untyped(link).remote.attach.properties?.[name]
}

export function desires(link: Sender | Receiver, capability: string): boolean {
  return [untyped(link).remote.attach.desired_capabilities].flat().includes(capability)
}

interface Answer {
  messageBytesMax?: number
  properties?: Record<string, unknown> | undefined
}

/** Answers an attach as accepted; until this, source and target stay empty, which tells the peer it is refused. */
export function acceptLink(link: Sender | Receiver, { messageBytesMax, properties }: Answer = {}): void {
  const { source, target } = untyped(link).remote.attach
  link.set_source({ ...source, address: source?.address ?? '' } as Parameters<Sender['set_source']>[0])
  link.set_target({ address: target?.address ?? '' })
  if (messageBytesMax !== undefined) untyped(link).local.attach.max_message_size = messageBytesMax
  if (properties !== undefined) untyped(link).local.attach.properties = properties
}

export function refuseLink(link: Sender | Receiver, error: AmqpError): void {
  link.close(error)
}

/** What rhea will send at once when it is handed over now. */
export interface Sendable {
  messages: number
  transfers: number
}

/**
 * Only this much may be handed over: what rhea has to keep, because the peer's window or the link's credit is used up,
 * it still sends after the link was detached, and clients take that for a broken connection.
 */
export function sendableNow(sender: Sender): Sendable {
  const { credit, session } = untyped(sender)
  const { outgoing } = session
  let [messages, transfers] = [Math.min(credit, outgoing.available()), outgoing.transfer_window()]
  // What was handed over in this turn of the event loop rhea sends at the end of it.
  for (let id = outgoing.next_pending_delivery; id < outgoing.next_delivery_id; id++) {
    messages--
    transfers -= outgoing.deliveries.by_id(id)?.data.length ?? 0
  }
  return { messages, transfers }
}

/** How many transfers rhea makes of a message. */
export function transfersOf(sender: Sender, bytes: number): number {
  const frameBytes = untyped(sender).session.connection.max_frame_size
  // A peer that names no frame size, or none that makes sense, is sent each message in one piece.
  return frameBytes ? Math.ceil(bytes / Math.max(1, frameBytes - frameHeadBytes)) : 1
}

/** Calls back whenever the peer has told its window; gives the way to stop. */
export function onWindow(sender: Sender, callback: () => void): () => void {
  const session: EventEmitter = sender.session as never
  session.on(windowEvent, callback)
  return () => session.off(windowEvent, callback)
}

/** The bytes of a transfer; rhea hands over nothing for no bytes. */
export function payloadOf({ message }: EventContext): Buffer {
  return Buffer.isBuffer(message) ? message : Buffer.alloc(0)
}

/** What is read of a message that asks for something. */
export interface Request {
  application_properties?: Record<string, unknown>
  message_id?: unknown
  reply_to?: unknown
  body?: unknown
}

export function decodeRequest(bytes: Buffer): Request {
  // rhea types a decoded message as its methods only.
  const message: object = rhea.message.decode(bytes)
  return message
}

export const amqpTypes = rhea.types

interface Transfer {
  performative: { message_format: number | undefined }
}

type InnerSession = Session & {
  on_transfer(frame: Transfer): void
  on_flow(frame: unknown): void
}

/**
 * rhea decodes messages of the plain format and hands over the bytes of every other one. An event must be kept as it
 * was written, so the plain format is taken from the transfer before rhea looks at it. And rhea tells nobody that the
 * peer has opened its window again.
 */
function adapt(session: Session): void {
  const inner = session as InnerSession
  const [transfer, flow] = [inner.on_transfer, inner.on_flow]
  inner.on_transfer = frame => {
    if (frame.performative.message_format === 0) frame.performative.message_format = undefined
    transfer.call(session, frame)
  }
  inner.on_flow = frame => {
    flow.call(session, frame)
    const events: EventEmitter = session as never
    events.emit(windowEvent)
  }
}

function acceptEveryone() {
  return {
    outcome: undefined as boolean | undefined,
    start() {
      this.outcome = true
    },
  }
}

function untyped<T>(value: T): Untyped<T> {
  return value as Untyped<T>
}
