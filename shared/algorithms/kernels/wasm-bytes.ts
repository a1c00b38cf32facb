// Made of assembly/ by `npm run kernels`; a test holds it equal to its sources.
export const wasmBase64 = [
  'AGFzbQEAAAABBwFgA39/fwACEgEDZW52Bm1lbW9yeQIDAYCABAMCAQAHGQIMZ3JhbWlhbkJsb2NrAAAGbWVtb3J5AgAKVwFVAgJ/AXsgACgCAC',
  'ECIAAoAgQhBCAAKAIIA0AgA0EQSARAIAUgAiAEIAFBBHRqIANqQQR0av0ABAD95AEhBSADQQFqIQMMAQsLIAFBBHRqIAX9CwQACw==',
].join('')
