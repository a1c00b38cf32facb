import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { oneProduct } from '../../shared/api/products.ts'
import { ports, shop } from '../app.ts'

bindHttp(oneProduct({ shop }), ports.log)
