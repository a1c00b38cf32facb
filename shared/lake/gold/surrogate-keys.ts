/**
 * SQL that makes surrogate keys: whole numbers out of sha256, so that a table made anew, or by anyone else, has the same
 * ones. 0 is nobody's: it stands for what is unknown. Keys of dimensions have 52 bits, which every reader and every
 * statistic holds exactly (two of a million customers share one with a chance of 1 in 10,000); keys of facts have 60.
 */
export const surrogateKeys = `
create or replace temp macro surrogate_key(key) as ('0x' || sha256(key)[1:13])::bigint;
create or replace temp macro fact_key(key) as ('0x' || sha256(key)[1:15])::bigint;
create or replace temp macro state_key(customer_key, valid_from) as
  surrogate_key(customer_key || ' ' || epoch_ms(valid_from));
-- A customer's first state begins with 1970.
create or replace temp macro first_state_key(customer_key) as surrogate_key(customer_key || ' 0');
`
