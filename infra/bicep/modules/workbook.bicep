// The operator's page: ../workbook.json over the app's Application Insights.
param location string
param tags object = {}

@description('Id of the Application Insights component that the app writes to.')
param componentId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // A workbook's name is a GUID: the same one every time, so that it is replaced.
  name: guid(componentId, 'sidecart-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Sidecart'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: componentId
    serializedData: replace(loadTextContent('../workbook.json'), '{componentId}', componentId)
  }
}

output id string = workbook.id
