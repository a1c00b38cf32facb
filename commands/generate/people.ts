/** Where customers live: country, currency, how many live there, and its towns as region/town. */
export interface Country {
  name: string
  currency: string
  share: number
  towns: readonly (readonly [region: string, town: string])[]
}

const country = (name: string, currency: string, share: number, towns: string): Country => ({
  ...{ name, currency, share },
  towns: towns.split(' ').map(place => {
    const [region = '', town = ''] = place.split('/')
    return [region, town] as const
  }),
})

export const countries: readonly Country[] = [
  country('Germany', 'EUR', 0.3, 'Bayern/München Bayern/Nürnberg Hessen/Frankfurt Sachsen/Leipzig Berlin/Berlin'),
  country('France', 'EUR', 0.2, 'Bretagne/Rennes Occitanie/Toulouse Paris/Paris Normandie/Rouen'),
  country('United Kingdom', 'GBP', 0.2, 'England/London England/Leeds Scotland/Glasgow Wales/Cardiff'),
  country('Spain', 'EUR', 0.12, 'Madrid/Madrid Valencia/Alicante Galicia/Vigo'),
  country('Netherlands', 'EUR', 0.08, 'Utrecht/Utrecht Holland/Rotterdam Limburg/Venlo'),
  country('Poland', 'PLN', 0.06, 'Mazowsze/Warszawa Pomorze/Gdańsk'),
  country('Sweden', 'SEK', 0.04, 'Skåne/Malmö Uppland/Stockholm'),
]

export const firstNames: readonly (readonly [name: string, gender: string])[] = [
  ...'Anna Clara Emma Greta Ida Julia Lena Marie Nora Olga Petra Sofia'
    .split(' ')
    .map(name => [name, 'female'] as const),
  ...'Ben Carl David Emil Felix Hugo Jan Lukas Max Noah Oscar Paul'.split(' ').map(name => [name, 'male'] as const),
]
export const lastNames =
  'Adler Becker Costa Dubois Evans Fischer Garcia Hansen Ivanov Jones Kowalski Lopez Martin Novak Olsen Peters Rossi Smith Weber Young'.split(
    ' ',
  )
