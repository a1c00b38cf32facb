/** Departments of the shop: the middle of their prices, and in which month (0 is January) they sell best. */
export interface Category {
  name: string
  price: number
  /** How far sales swing around the year, 0 to 1. */
  season: number
  peakMonth: number
  things: readonly string[]
  /** What descriptions say of them. */
  features: readonly string[]
}

const category = (
  name: string,
  price: number,
  [season, peakMonth]: [number, number],
  [things, features]: [string, string],
): Category => ({
  ...{ name, price, season, peakMonth },
  things: things.split(' '),
  features: features.split(' '),
})

export const categories: readonly Category[] = [
  category(
    'Electronics',
    120,
    [0.25, 11],
    [
      'Headphones Speaker Charger Camera Monitor Keyboard Router Tablet',
      'wireless rechargeable waterproof foldable silent portable',
    ],
  ),
  category(
    'Home & Kitchen',
    35,
    [0.15, 11],
    ['Pan Kettle Lamp Knife Blender Cushion Clock Shelf', 'steel wooden dishwasher-safe ceramic stackable handmade'],
  ),
  category(
    'Fashion',
    45,
    [0.2, 3],
    ['Jacket Shirt Dress Scarf Jeans Sweater Belt Coat', 'cotton woollen linen lined slim loose'],
  ),
  category(
    'Shoes',
    70,
    [0.25, 9],
    ['Sneaker Boot Sandal Loafer Slipper Runner', 'leather suede breathable cushioned waterproof vegan'],
  ),
  category(
    'Beauty',
    22,
    [0.15, 11],
    ['Cream Serum Lipstick Shampoo Perfume Mask', 'vegan fragrance-free nourishing mineral aloe lavender'],
  ),
  category(
    'Toys & Games',
    28,
    [0.6, 11],
    ['Puzzle Train Doll Robot Kite Blocks', 'wooden cooperative magnetic educational musical colourful'],
  ),
  category(
    'Garden',
    40,
    [0.7, 5],
    ['Spade Hose Planter Seeds Grill Lantern', 'frost-proof solar galvanised organic perennial compact'],
  ),
  category(
    'Sports',
    55,
    [0.35, 4],
    ['Racket Ball Mat Bottle Helmet Gloves', 'lightweight anti-slip inflatable breathable shockproof foldable'],
  ),
  category(
    'Books',
    16,
    [0.25, 11],
    [
      'Novel Atlas Cookbook Biography Guide Diary',
      'illustrated hardcover paperback annotated award-winning pocket-size',
    ],
  ),
  category(
    'Grocery',
    7,
    [0.1, 11],
    ['Coffee Tea Pasta Honey Chocolate Oil', 'organic fair-trade roasted sugar-free spicy vegan'],
  ),
  category(
    'Pets',
    18,
    [0.05, 0],
    ['Leash Bowl Bed Brush Treats Toy', 'washable chew-proof grain-free reflective orthopaedic adjustable'],
  ),
  category(
    'Office',
    14,
    [0.3, 8],
    ['Notebook Pen Folder Stapler Planner Desk', 'recycled refillable magnetic lockable ergonomic dotted'],
  ),
]

/** How things look: a user prefers one of them, as styles of users have these numbers. */
export const styleNames = ['rustic', 'modern', 'playful', 'sporty'] as const

export const brands = 'Alder Brio Corvo Delta Elm Fjord Gable Halo Iris Juno Kite Lumen Mira Nord Opal Pine'.split(' ')
export const qualities = 'Classic Compact Deluxe Everyday Fresh Grand Light Natural Original Pocket Smart Soft'.split(
  ' ',
)
