import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { userRecommendations } from '../../shared/api/recommendations.ts'
import { lists, ports } from '../app.ts'

bindHttp(userRecommendations(lists), ports.log)
