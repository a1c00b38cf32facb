import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { listProducts } from '../../shared/api/products.ts'
import { ports, shop } from '../app.ts'

bindHttp(listProducts({ shop }), ports.log)
