import { expect, test } from 'vitest'
import { productName, tidyDescription } from './product-name.ts'

test.each([
  ['WHITE HANGING HEART T-LIGHT HOLDER', 'White Hanging Heart T-Light Holder'],
  ['SET OF 3 CAKE TINS PANTRY DESIGN ', 'Set of 3 Cake Tins Pantry Design'],
  ["POPPY'S PLAYHOUSE BEDROOM ", "Poppy's Playhouse Bedroom"],
  ['SET/6 RED SPOTTY PAPER CUPS', 'Set/6 Red Spotty Paper Cups'],
  ['CD WALL TIDY RED FLOWERS', 'CD Wall Tidy Red Flowers'],
  ['KEY FOB , SHED', 'Key Fob, Shed'],
  ['LUNCH BAG  BLACK SKULL.', 'Lunch Bag Black Skull'],
  ['3 TRADITIONAl BISCUIT CUTTERS  SET', '3 Traditional Biscuit Cutters Set'],
])('productName() gives %s a pleasant case', (description, name) => {
  expect(productName(description)).toBe(name)
})

test('tidyDescription() makes texts equal that differ in white space only', () => {
  expect(tidyDescription('  JAM  JAR ')).toBe(tidyDescription('JAM JAR'))
})
