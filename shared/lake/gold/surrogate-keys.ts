/**
 * SQL that makes surrogate keys: whole numbers out of hashes, so that a table made anew, or by anyone else, has the same
 * ones. 0 is nobody's: it stands for what is unknown. Keys of dimensions have 52 bits of sha256, which every reader and
 * every statistic holds exactly (two of a million customers share one with a chance of 1 in 10,000). Keys of facts, of which
 * there are the most, have the lowest 60 bits of md5, read as a number with its lowest byte first: sha256 takes six times
 * as long, and nothing is kept secret here.
 */
export const surrogateKeys = `
create or replace temp macro surrogate_key(key) as ('0x' || sha256(key)[1:13])::bigint;
create or replace temp macro fact_key(key) as (md5_number(key) & 1152921504606846975)::bigint;
create or replace temp macro state_key(customer_key, valid_from) as
  surrogate_key(customer_key || ' ' || epoch_ms(valid_from));
-- A customer's first state begins with 1970.
create or replace temp macro first_state_key(customer_key) as surrogate_key(customer_key || ' 0');
`
