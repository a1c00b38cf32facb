import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { searchRecommendations } from '../../shared/api/cart-and-search.ts'
import { lists, ports } from '../app.ts'

bindHttp(searchRecommendations(lists), ports.log)
