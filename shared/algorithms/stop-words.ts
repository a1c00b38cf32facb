/** English words that tell nothing of a product; those of one letter are never terms. */
export const stopWords: ReadonlySet<string> = new Set(
  `about above after again against all also am an and any are as at be because been before being below between both but by
  can could did do does doing down during each either else ever few for from further get got had has have having he her here
  hers him his how if in into is it its itself just let like made make many may me might more most much must my no nor not now
  of off on once one only or other our ours out over own per please same shall she should so some such than that the their
  theirs them then there these they this those through to too two under until up upon us use used using very via was we well
  were what when where which while who whom whose why will with within without would you your yours`.split(/\s+/),
)
