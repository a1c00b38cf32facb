import type { EventContext, Message, Receiver, Sender } from 'rhea'
import { acceptLink, amqpTypes, decodeRequest, payloadOf, type Request, sourceAddress, targetAddress } from './rhea.ts'

export interface Reply {
  status: number
  description: string
  /** The AMQP condition of an error. */
  condition?: string
  body?: unknown
}

/** A node of one connection that answers requests, `$cbs` or `$management`: replies go to the link the request names. */
export class RequestNode {
  private readonly replyLinks = new Set<Sender>()
  private readonly answer: (request: Request) => Reply

  constructor(answer: (request: Request) => Reply) {
    this.answer = answer
  }

  openReplies(sender: Sender): void {
    acceptLink(sender)
    this.replyLinks.add(sender)
    sender.on('sender_close', () => this.replyLinks.delete(sender))
  }

  openRequests(receiver: Receiver): void {
    acceptLink(receiver)
    receiver.on('message', (context: EventContext) => {
      if (context.delivery === undefined) return
      const message = decodeRequest(payloadOf(context))
      context.delivery.accept()
      const link = this.replyLink(message.reply_to)
      if (link === undefined) return
      const { status, description, condition, body } = this.answer(message)
      link.send({
        correlation_id: message.message_id,
        to: message.reply_to,
        application_properties: {
          'status-code': amqpTypes.wrap_int(status),
          'status-description': description,
          ...(condition === undefined ? {} : { 'error-condition': amqpTypes.wrap_symbol(condition) }),
        },
        body,
      } as unknown as Message)
    })
  }

  private replyLink(replyTo: unknown): Sender | undefined {
    const links = [...this.replyLinks]
    return (
      links.find(link => targetAddress(link) === replyTo || link.name === replyTo) ??
      links.find(link => sourceAddress(link) !== '')
    )
  }
}
