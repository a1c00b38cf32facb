import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { cartRecommendations } from '../../shared/api/cart-and-search.ts'
import { lists, ports } from '../app.ts'

bindHttp(cartRecommendations(lists), ports.log)
