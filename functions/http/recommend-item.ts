import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { itemRecommendations } from '../../shared/api/recommendations.ts'
import { lists, ports } from '../app.ts'

bindHttp(itemRecommendations(lists), ports.log)
