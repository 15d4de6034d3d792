package com.clinic.patient;

import java.util.List;
import org.hibernate.SessionFactory;

public class PatientDao {
    private SessionFactory sessionFactory;

    public Patient find(Long id) {
        return (Patient) sessionFactory.getCurrentSession().get(Patient.class, id);
    }

    public List<?> withAppointments() {
        return sessionFactory.getCurrentSession()
            .createSQLQuery("SELECT p.* FROM PATIENT p JOIN APPOINTMENT a ON a.patient_id = p.id").list();
    }
}
