/** Of all pages of the documentation; Swagger UI's own rules come before. */
export const docsStyle = `:root { --ink: #1d2733; --quiet: #5b6876; --line: #dde3ea; --accent: #0b6b50; }
* { box-sizing: border-box; }
html { scroll-padding-top: 4.5rem; }
body { margin: 0; background: #fff; color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
.top { position: sticky; top: 0; z-index: 10; display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: baseline;
  padding: .8rem max(1.25rem, calc((100vw - 1460px) / 2 + 20px)); background: #fff; border-bottom: 1px solid var(--line); }
.top .name { font-weight: 700; font-size: 1.15rem; color: var(--ink); text-decoration: none; }
.top nav { display: flex; gap: 1.25rem; }
.top nav a { color: var(--accent); text-decoration: none; }
.top a:hover { text-decoration: underline; }
.text { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
.text h1 { margin: .5rem 0; font-size: 1.9rem; }
.text code { font: .92em ui-monospace, monospace; }
.text section { padding: 1.1rem 0; border-top: 1px solid var(--line); }
.text section:target { margin: 0 -1rem; padding: 1.1rem 1rem; background: #eef7f3; border-radius: 6px; }
.text h2 { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; margin: 0; font-size: 1.1rem; }
.text h2 a { color: inherit; text-decoration: none; overflow-wrap: anywhere; }
.text h2 a:hover { text-decoration: underline; }
.text section p { margin: .4rem 0 0; }
.text .remedy { color: var(--quiet); }
.status { padding: 0 .55rem; border-radius: 1rem; font-size: .85rem; font-weight: 600; color: #8a4b00; background: #fff1dc; }
.status.s5 { color: #9c1c28; background: #fde7e9; }
.swagger-ui, .swagger-ui .info .title, .swagger-ui .opblock-tag { font-family: system-ui, sans-serif; color: var(--ink); }
.swagger-ui .info { margin: 2rem 0 1rem; }
.swagger-ui .scheme-container { padding: 1rem 0; box-shadow: none; border-bottom: 1px solid var(--line); }
.swagger-ui .opblock .opblock-summary-description { color: var(--quiet); }
@media (max-width: 700px) {
  .swagger-ui .wrapper { padding: 0 .75rem; }
  .swagger-ui .info .title { font-size: 1.6rem; }
  .swagger-ui .opblock-tag { flex-wrap: wrap; font-size: 1.1rem; }
  .swagger-ui .opblock-tag small { flex: 1 1 100%; padding: 0; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-control { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-path-description-wrapper { flex-wrap: wrap; gap: 0 .6rem; }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; overflow-wrap: anywhere; }
  .swagger-ui .opblock .opblock-summary-description { flex: 1 1 100%; padding: 0 0 .3rem; }
  .swagger-ui .opblock-body { overflow-x: auto; }
  .swagger-ui table.parameters, .swagger-ui table.parameters tbody, .swagger-ui table.parameters tr,
  .swagger-ui table.parameters td { display: block; width: auto; }
  .swagger-ui table.parameters thead { display: none; }
  .swagger-ui .parameters-col_name { padding-bottom: 0; }
  .swagger-ui .parameters-col_description input, .swagger-ui .parameters-col_description select { width: 100%; max-width: 100%; }
}
`
