interface ListedFunction {
  name: string
  type: string
  route?: string
  methods?: string[]
}

/** The functions of a started host, HTTP functions first, in the form in which Azure Functions Core Tools list them. */
export function functionList(functions: ListedFunction[], url: string): string {
  const http = functions.filter(({ type }) => type === 'http')
  const others = functions.filter(({ type }) => type !== 'http')
  const lines = [
    ...http.map(({ name, route = '', methods = [] }) => {
      const verbs = methods.length === 0 ? '' : `[${methods.join(',')}] `
      return `\t${name}: ${verbs}${url}/${route}`
    }),
    ...others.map(({ name, type }) => `\t${name}: ${type}Trigger`),
  ]
  return ['', 'Functions:', ...lines, ''].join('\n\n')
}
