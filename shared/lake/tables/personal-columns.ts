/**
 * Columns that may name a person, raw, by pseudonym or within a text. Logs tell no bounds of them: what is erased from the
 * files of a table would stay in its log.
 */
export const personalColumns: ReadonlySet<string> = new Set([
  ...['user_id', 'customer_key', 'session_id', 'session_key', 'basket_key', 'basket', 'identity'],
  ...['name_masked', 'email_masked', 'email_key', 'phone_masked', 'birth_date', 'review', 'attributes_json'],
  ...['event', 'change', 'row', 'value', 'referrer'],
])
