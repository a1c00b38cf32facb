// Who is told of an alert (J12): by e-mail, text message, or a channel of Teams.
param name string
param tags object = {}

@description('E-mail addresses, ten at most.')
@maxLength(10)
param emails array = []

@description('Telephones: { countryCode: \'49\', phoneNumber: \'1705550177\' }')
@maxLength(10)
param telephones array = []

@description('Address of a Teams workflow "post to a channel when a webhook request is received"; empty for none.')
@secure()
param teamsWebhook string = ''

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'sidecart'
    enabled: true
    emailReceivers: [
      for (address, index) in emails: {
        name: 'email-${index}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
    smsReceivers: [
      for (telephone, index) in telephones: {
        name: 'sms-${index}'
        countryCode: telephone.countryCode
        phoneNumber: telephone.phoneNumber
      }
    ]
    webhookReceivers: empty(teamsWebhook)
      ? []
      : [
          {
            name: 'teams'
            serviceUri: teamsWebhook
            useCommonAlertSchema: true
          }
        ]
  }
}

output id string = group.id
