import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { categoryRecommendations } from '../../shared/api/recommendations.ts'
import { lists, ports } from '../app.ts'

bindHttp(categoryRecommendations(lists), ports.log)
