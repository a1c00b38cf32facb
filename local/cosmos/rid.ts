/** Resource ids as Azure builds them: 4 bytes of database, 4 of container (high bit set), 8 of item, in base64. */
export function databaseRid(database: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(database)
  return encode(bytes)
}

export function containerRid(database: number, container: number): string {
  return encode(containerBytes(database, container))
}

export function itemRid(database: number, container: number, item: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(item))
  return encode(Buffer.concat([containerBytes(database, container), bytes]))
}

function containerBytes(database: number, container: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(database)
  bytes.writeUInt32BE((container | 0x80000000) >>> 0, 4)
  return bytes
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('/', '-')
}
