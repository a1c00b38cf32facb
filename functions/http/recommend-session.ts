import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { sessionRecommendations } from '../../shared/api/recommendations.ts'
import { lists, ports } from '../app.ts'

bindHttp(sessionRecommendations(lists), ports.log)
