// The two functions that are measured: through the host, and straight from a server of node:http.
const items = Array.from({ length: 10 }, (_, index) => ({ item_id: `item-${index}`, score: 1 / (index + 1) }))

module.exports = {
  list: async request => ({ jsonBody: { user_id: request.query.get('user_id'), items } }),
  accept: async request => {
    const { events } = await request.json()
    return { status: 202, jsonBody: { accepted: events.length } }
  },
}
