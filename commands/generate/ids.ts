/** What numbers of users and items are called in files and events. */
export const userId = (user: number): string => `user-${user}`
export const itemId = (item: number): string => `item-${item}`
