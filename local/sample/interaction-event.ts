/** An event as producers send it (JSON, version 1 of the contract); generated ones say so in their context. */
export type InteractionEvent = {
  schema_version: 1
  event_id: string
  user_id: string
  session_id: string
  event_type: 'view' | 'click' | 'add_to_cart' | 'purchase'
  product_id: string
  ts: string
  context: { referrer: string; device: string; price: number; generated: true }
}
