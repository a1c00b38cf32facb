import { describe, expect, test } from 'vitest'
import { noIds } from './interaction-table.ts'
import { type InteractionFormat, readCandidates, readInteractions } from './read-interactions.ts'

describe('readInteractions()', () => {
  test('reads a header in any order, quoted fields, a byte order mark, CRLF and an alias', async () => {
    const ids = noIds()
    const table = await read(
      'csv',
      '\uFEFFtimestamp,product_id,note,user_id\r\n5,"a ""1"", big",x,u1\r\n6,b,,u1\r\n',
      ids,
    )
    expect([...ids.items.keys()]).toEqual(['a "1", big', 'b'])
    expect(table).toEqual({ userOf: [0, 0], itemOf: [0, 1], typeOf: [], valueOf: [], atOf: [5000, 6000], orderOf: [] })
  })

  test('reads event types by the contract and by other names, and the value of a rating', async () => {
    const table = await read('tsv', 'user_id\titem_id\tevent_type\tvalue\nu\ta\taddtocart\t\nu\tb\trating\t4\n')
    expect(table).toMatchObject({ typeOf: ['add_to_cart', 'rating'], valueOf: [0, 4] })
  })

  test('takes seconds, milliseconds and ISO 8601, without an offset as UTC', async () => {
    const times = [
      '1700000000',
      '1700000000000',
      '2023-11-14T22:13:20Z',
      '2023-11-14 22:13:20',
      '2023-11-14T23:13:20+01:00',
    ]
    const { atOf } = await read('csv', `user_id,item_id,timestamp\n${times.map(time => `u,a,${time}`).join('\n')}`)
    expect(atOf).toEqual(times.map(() => 1_700_000_000_000))
  })

  test('reads the headerless formats', async () => {
    const pairs = async (format: InteractionFormat, text: string) => {
      const ids = noIds()
      const { userOf, itemOf } = await read(format, text, ids)
      const [users, items] = [[...ids.users.keys()], [...ids.items.keys()]]
      return userOf.map((user, row) => `${users[user]}:${items[itemOf[row]!]}`)
    }
    expect(await pairs('triples', '7\t9\t5\n8 9\n')).toEqual(['7:9', '8:9'])
    expect(await pairs('adjacency', '0 5 6 \n1\n2 5\n')).toEqual(['0:5', '0:6', '2:5'])
    expect(await pairs('counted', '2 5 6\n0\n1 5\n')).toEqual(['0:5', '0:6', '2:5'])
  })

  test('joins rows and characters cut between chunks, and counts two files with the same ids', async () => {
    const ids = noIds()
    const bytes = new TextEncoder().encode('user_id,item_id\nu,é1\nu,é2\n')
    const single = async function* () {
      for (const byte of bytes) yield Uint8Array.of(byte)
    }
    await readInteractions({ name: 'one.csv', format: 'csv', bytes: single() }, ids)
    const second = await read('csv', 'user_id,item_id\nv,é2\n', ids)
    expect([...ids.items.keys()]).toEqual(['é1', 'é2'])
    expect(second).toMatchObject({ userOf: [1], itemOf: [1] })
  })

  test.each<[InteractionFormat, string, string]>([
    ['csv', 'user,item_id\n', 'f.txt, row 1, column user_id is missing from the header'],
    [
      'csv',
      'user_id,item_id\nu,a\nu\n',
      "f.txt, row 3, column (row) must have 2 fields as the header, not 1: current value is 'u'",
    ],
    ['csv', 'user_id,item_id\n,a\n', "f.txt, row 2, column user_id must not be empty: current value is ''"],
    ['csv', 'user_id,item_id\nu,"a\n', 'row 2, column (row) must close its double quote'],
    ['csv', 'user_id,item_id,timestamp\nu,a,\n\nu,a,soon\n', 'row 2, column timestamp must be ISO 8601'],
    ['csv', 'user_id,item_id,event_type\nu,a,gaze\n', 'column event_type must be one of'],
    [
      'csv',
      'user_id,item_id,event_type,value\nu,a,rating,6\n',
      "column value must be a number from 1 to 5 for a rating: current value is '6'",
    ],
    ['counted', '3 5 6\n', "row 1, column 1 must be the number of items that follow, 2: current value is '3'"],
    ['triples', '7\n', 'row 1, column 2 must hold an item'],
    ['triples', '1 2 3 100\n1 3 3\n', 'row 2, column 4 must be a timestamp in all rows or in none'],
    ['adjacency', '\n', 'f.txt holds no interactions'],
  ])('names file, row, column and value of a bad %s row: %j', async (format, text, message) => {
    await expect(read(format, text)).rejects.toThrow(message)
  })
})

describe('readCandidates()', () => {
  test('reads lines of (user,item) and its negatives, and any format of interactions', async () => {
    const candidates = (format: InteractionFormat, text: string) => readCandidates(file(format, text), noIds())
    expect(await candidates('triples', '(4,9)\t1\t2\n(5,1)\t2\n')).toMatchObject({
      userOf: [0, 0, 1],
      itemOf: [0, 1, 1],
    })
    expect(await candidates('adjacency', '4 1 2\n')).toMatchObject({ userOf: [0, 0], itemOf: [0, 1] })
    await expect(candidates('triples', '(4,9)\t1\n5 1\n')).rejects.toThrow(
      "column 1 must have the form (user,item): current value is '5'",
    )
  })
})

function read(format: InteractionFormat, text: string, ids = noIds()) {
  return readInteractions(file(format, text), ids)
}

function file(format: InteractionFormat, text: string) {
  const bytes = async function* () {
    yield new TextEncoder().encode(text)
  }
  return { name: 'f.txt', format, bytes: bytes() }
}
