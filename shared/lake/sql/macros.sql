-- How texts of bronze become values of silver; what cannot be read is null, so that a rule can name it.

-- A text without blanks around it; an empty one is absent.
create or replace temp macro text_of(value) as nullif(trim(value), '');

create or replace temp macro finite(value) as case when isfinite(value) then value end;
-- 12.5, 1e3; and, as people write them: 1,234.50 and 1.234,50 (groups of three), 12,5 (decimal comma), each also with a sign
-- € $ £ before or behind. 1,234 is a thousand and more, 1.234 is not. Each case takes other characters out, so that the
-- engine finds nothing to compute for all rows beforehand: nearly all are plain.
create or replace temp macro written_number(value) as case
  when regexp_full_match(value, '\s*[€$£]?\s*-?\d{1,3}(,\d{3})+(\.\d+)?\s*[€$£]?\s*')
    then try_cast(regexp_replace(value, '[€$£\s,]', '', 'g') as double)
  when regexp_full_match(value, '\s*[€$£]?\s*-?\d{1,3}(\.\d{3})+,\d+\s*[€$£]?\s*')
    then try_cast(replace(regexp_replace(value, '[€$£\s.]', '', 'g'), ',', '.') as double)
  when regexp_full_match(value, '\s*[€$£]?\s*-?\d+,\d{1,2}\s*[€$£]?\s*')
    then try_cast(replace(regexp_replace(value, '[€$£\s]', '', 'g'), ',', '.') as double)
  when regexp_full_match(value, '\s*[€$£]\s*-?\d+(\.\d+)?\s*|\s*-?\d+(\.\d+)?\s*[€$£]\s*')
    then try_cast(regexp_replace(value, '[\s€$£]+', '', 'g') as double)
end;
create or replace temp macro number_of(value) as
  case when isfinite(try_cast(value as double)) then try_cast(value as double) else written_number(value) end;

create or replace temp macro whole(value) as case when value = trunc(value) and abs(value) < 9e15 then value::bigint end;
create or replace temp macro whole_of(value) as whole(number_of(value));

-- ISO 8601 with an offset or Z; a date, or date and time, without one is UTC.
create or replace temp macro time_of(value) as finite(coalesce(
  try_cast(value as timestamptz),
  try_cast(regexp_replace(value, 'T(\d{2}:\d{2})Z$', 'T\1:00Z') as timestamptz)
));

create or replace temp macro boolean_of(value) as case
  when lower(trim(value)) in ('true', 't', '1', 'yes', 'y') then true
  when lower(trim(value)) in ('false', 'f', '0', 'no', 'n') then false
end;

-- The texts of a list, as JSON has it or with | between them; null where something nested stands among them.
create or replace temp macro json_texts(value) as try_cast(try_cast(value as json) as varchar[]);
create or replace temp macro is_nested(value) as value[1] in ('{', '[') and json_valid(value);
create or replace temp macro parts_of(value) as case
  when json_texts(value) is null then string_split(value, '|')
  when len(list_filter(json_texts(value), lambda part: is_nested(part))) = 0
    then string_split(array_to_string(json_texts(value), '|'), '|')
end;
create or replace temp macro bare_texts(list) as list_filter(
  list_transform(list, lambda part: regexp_replace(part, '^\s+|\s+$', '', 'g')), lambda part: part <> ''
);
create or replace temp macro each_once(list) as
  list_filter(list, lambda part, place: list_position(list, part) = place);
-- A list as silver keeps it: each text once, with | between them; an empty text is a list of nothing, absent is no list.
create or replace temp macro list_of(value) as
  case when text_of(value) is not null then array_to_string(each_once(bare_texts(parts_of(value))), '|') end;
create or replace temp macro is_list(value, count_max, length_max) as
  len(string_split(value, '|')) <= count_max
  and list_max(list_transform(string_split(value, '|'), lambda part: length(part))) <= length_max;

-- Whether something can have happened: from 1970 on, and not more than a day after the lake was told of it.
create or replace temp macro can_have_been(value, told_at) as
  epoch_us(value) between 0 and epoch_us(told_at) + 86400000000;

-- A moment as a clock in UTC shows it.
create or replace temp macro utc(value) as make_timestamp(epoch_us(value));
-- The difference of two moments with a time zone would go through its calendar: 10 µs for each row.
create or replace temp macro seconds_between(earlier, later) as (epoch_us(later) - epoch_us(earlier)) / 1e6;
create or replace temp macro season_of(month_number) as case
  when month_number in (12, 1, 2) then 'winter'
  when month_number in (3, 4, 5) then 'spring'
  when month_number in (6, 7, 8) then 'summer'
  else 'autumn'
end;

-- One name for what shops call their channels; a name that is not known stays, and breaks the rule.
create or replace temp macro channel_of(value) as case
  when value is null or trim(value) = '' then 'web'
  when lower(trim(value)) in ('web', 'app', 'store', 'phone', 'email', 'marketplace', 'social', 'kiosk', 'partner', 'other')
    then lower(trim(value))
  when lower(trim(value)) in ('online', 'website', 'desktop', 'internet', 'webshop') then 'web'
  when lower(trim(value)) in ('mobile', 'ios', 'android', 'mobile app', 'mobile_app') then 'app'
  when lower(trim(value)) in ('shop', 'pos', 'retail', 'in-store', 'in_store', 'instore', 'offline', 'branch') then 'store'
  when lower(trim(value)) in ('call', 'call center', 'call_center', 'telephone') then 'phone'
  when lower(trim(value)) in ('mail', 'e-mail', 'newsletter') then 'email'
  when lower(trim(value)) in ('amazon', 'ebay') then 'marketplace'
  else lower(trim(value))
end;
create or replace temp macro status_of(value) as case
  when lower(trim(value)) in ('canceled', 'void', 'voided') then 'cancelled'
  when lower(trim(value)) in ('complete', 'done', 'closed') then 'completed'
  when lower(trim(value)) in ('open', 'new', 'placed') then 'created'
  else nullif(lower(trim(value)), '')
end;

-- One spelling for every way to write a category: blanks collapsed, each word with a capital, "&" for "and"; then what shops
-- call the same thing.
create or replace temp macro title_case(value) as
  array_to_string(list_transform(string_split(value, ' '), word -> upper(word[1]) || word[2:]), ' ');
create or replace temp macro spelling(value) as
  title_case(regexp_replace(regexp_replace(lower(trim(value)), '[\s_]+', ' ', 'g'), '\s?(&|\band\b)\s?', ' & ', 'g'));
create or replace temp macro category_of(value) as case spelling(value)
  when '' then null
  when 'Electronic' then 'Electronics'
  when 'Book' then 'Books'
  when 'Toy' then 'Toys'
  when 'Toys & Games' then 'Toys'
  when 'Sport' then 'Sports'
  when 'Clothes' then 'Clothing'
  when 'Apparel' then 'Clothing'
  when 'Fashion' then 'Clothing'
  when 'Grocery' then 'Groceries'
  when 'Food' then 'Groceries'
  else spelling(value)
end;

create or replace temp macro gender_of(value) as case
  when lower(trim(value)) in ('f', 'female', 'w', 'woman', 'women') then 'female'
  when lower(trim(value)) in ('m', 'male', 'man', 'men') then 'male'
  when trim(value) <> '' then 'other'
end;
create or replace temp macro age_group_of(years) as case
  when years < 18 then 'under 18'
  when years < 25 then '18-24'
  when years < 35 then '25-34'
  when years < 45 then '35-44'
  when years < 55 then '45-54'
  when years < 65 then '55-64'
  when years >= 65 then '65+'
end;
