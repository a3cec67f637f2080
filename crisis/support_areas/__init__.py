"""Special support areas (중소기업특별지원지역): Act §23–25, decree §24–29."""
