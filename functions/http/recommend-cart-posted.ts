import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { postedCartRecommendations } from '../../shared/api/cart-and-search.ts'
import { lists, ports } from '../app.ts'

bindHttp(postedCartRecommendations(lists), ports.log)
